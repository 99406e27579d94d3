"""Deleting, merging and repairing series in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.tests.factories import user_create
from backtests.tests.factories import backtest_queued
from marketdata.models import CandleBlock, MaintenanceRecord, Series
from marketdata.storage import read_candles
from marketdata.tests.admin.pages import ADMIN, act, operator_client, told
from marketdata.tests.candles import candles, same, series_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    return operator_client()


WHOLE = candles(20)
YES = {"confirmed": "yes"}


def merge(operator: Client, *series: Series, **choices: Any) -> Any:
    given = {"target": series[0].pk, "on_conflict": "fail", **choices}
    return act(operator, "merge", *series, **YES, **given)


@pytest.mark.parametrize("action", ["remove", "repair", "merge"])
def test_nothing_happens_before_it_is_confirmed(operator: Client, action: str) -> None:
    both = series_create(WHOLE), series_create(WHOLE, symbol="B")

    asked = act(operator, action, *both).content.decode()

    assert "Yes, I’m sure" in asked
    assert "BTC/USDT binance 1h: 20 bars" in asked
    assert Series.objects.count() == 2
    assert not MaintenanceRecord.objects.exists()


def test_a_series_is_deleted_with_an_audit_line(operator: Client) -> None:
    series = series_create(WHOLE)

    act(operator, "remove", series, **YES)

    assert not Series.objects.exists()
    assert not CandleBlock.objects.exists()
    record = MaintenanceRecord.objects.get()
    assert (record.action, record.actor) == ("delete", "operator@example.org")
    assert record.outcome["bars"] == 20
    assert told(operator, record) == ["1 deleted."]


def test_a_series_that_backtests_need_is_kept_and_says_so(operator: Client) -> None:
    needed, other = series_create(WHOLE), series_create(WHOLE, symbol="B")
    backtest_queued(user_create(), needed)

    act(operator, "remove", needed, other, **YES)

    assert Series.objects.get() == needed
    assert needed.blocks.exists()
    assert told(operator, needed) == [
        "BTC/USDT binance 1h is kept: 1 backtest needs it. Delete what needs it first.",
        "1 deleted.",
    ]


def test_one_series_takes_in_the_other(operator: Client) -> None:
    target = series_create(WHOLE.slice(0, 10))
    source = series_create(WHOLE, symbol="B")

    merge(operator, target, source)

    assert Series.objects.get() == target
    assert same(read_candles(target, None, None), WHOLE)
    record = MaintenanceRecord.objects.get()
    assert (record.action, record.actor) == ("merge", "operator@example.org")
    assert record.outcome["new"] == 10


@pytest.mark.parametrize(("choice", "winner"), [("keep", 1), ("replace", 2)])
def test_the_operator_says_which_of_two_values_stays(
    operator: Client, choice: str, winner: int
) -> None:
    target = series_create(candles(10, seed=1))
    source = series_create(candles(10, seed=2), symbol="B")

    merge(operator, target, source, on_conflict=choice, keep="on")

    assert same(read_candles(target, None, None), candles(10, seed=winner))
    assert Series.objects.count() == 2


def test_other_values_are_refused_unless_the_operator_says(operator: Client) -> None:
    target = series_create(candles(10, seed=1))
    source = series_create(candles(10, seed=2), symbol="B")

    merge(operator, target, source)

    assert Series.objects.count() == 2
    (message,) = told(operator, target)
    assert message.startswith("Stored candles have other values")


def test_a_merge_is_of_two_series(operator: Client) -> None:
    series = series_create(WHOLE)

    act(operator, "merge", series)

    assert told(operator, series) == ["Select two series to merge."]


def test_a_merge_without_a_target_asks_again(operator: Client) -> None:
    both = series_create(WHOLE), series_create(WHOLE, symbol="B")

    asked = merge(operator, *both, target="")

    assert b"This field is required." in asked.content
    assert Series.objects.count() == 2


def test_a_damaged_series_is_repaired_and_says_what_was_lost(operator: Client) -> None:
    series = series_create(WHOLE)
    CandleBlock.objects.update(payload=b"x")

    act(operator, "repair", series, **YES)

    assert told(operator, series) == [
        "BTC/USDT binance 1h: 1 × unreadable; 20 bars lost.",
        "1 checked.",
    ]
    assert MaintenanceRecord.objects.get().outcome["bars_lost"] == 20


def test_staff_who_may_only_look_change_nothing() -> None:
    series = series_create(WHOLE)
    staff = user_create(email="staff@example.org")
    staff.is_staff = True
    staff.save()
    staff.user_permissions.add(Permission.objects.get(codename="view_series"))
    viewer = Client()
    viewer.force_login(staff)

    page = viewer.get(f"{ADMIN}series/").content.decode()
    act(viewer, "remove", series, **YES)

    assert "Delete selected series" not in page
    assert "Check selected series" in page
    assert Series.objects.exists()
