"""Cancel, rerun and verify: from the list, and from the page of one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, Verification
from backtests.tests.admin.pages import BACKTESTS, clerk, operator_client, page_of
from backtests.tests.factories import backtest_in, completed, walk_series
from backtests.tests.queues import empty_queue
from marketdata.models import Series

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    return operator_client()


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture(autouse=True)
def _queue() -> Iterator[None]:
    with empty_queue():
        yield


def choose(client: Client, action: str, *backtests: Backtest) -> str:
    chosen = [backtest.pk for backtest in backtests]
    given = {"action": action, "_selected_action": chosen}
    return client.post(BACKTESTS, given, follow=True).content.decode()


def press(client: Client, action: str, backtest: Backtest) -> Any:
    given = {"CHANGE_FORM-action": action, "_selected_action": [backtest.pk]}
    return client.post(page_of(backtest), given, follow=True)


def test_those_that_are_not_over_are_cancelled_and_the_others_named(
    operator: Client, alice: User, series: Series
) -> None:
    made = {
        status: backtest_in(alice, series, status) for status in Backtest.Status.values
    }

    page = choose(operator, "cancel", *made.values())

    assert "2 cancelled." in page
    over = sorted(made[s].pk for s in ("completed", "failed", "cancelled"))
    assert f"Backtests {over[2]}, {over[1]}, {over[0]}: It was over already." in page
    cancelled = Backtest.objects.filter(status="cancelled")
    assert {b.pk for b in cancelled} == {
        made[s].pk for s in ("queued", "running", "cancelled")
    }


def test_each_action_is_written_down(
    operator: Client, alice: User, series: Series
) -> None:
    waits = backtest_in(alice, series, "queued")

    choose(operator, "cancel", waits)

    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(waits.pk), "Cancelled.")


def test_verifying_queues_those_that_have_a_result(
    operator: Client, alice: User, series: Series
) -> None:
    done, failed = completed(alice, series), backtest_in(alice, series, "failed")

    page = choose(operator, "verify", done, failed)

    assert "1 queued to be verified." in page
    assert f"Backtest {failed.pk}: The backtest failed, so it has no result." in page
    assert Verification.objects.get().pk == done.pk


def test_rerunning_asks_for_the_same_again_for_its_owner(
    operator: Client, alice: User, series: Series
) -> None:
    done = completed(alice, series, parameters={}, library="ma_cross")

    page = choose(operator, "rerun", done)

    assert "1 queued to run again." in page
    again = Backtest.objects.exclude(pk=done.pk).get()
    assert (again.rerun_of_id, again.owner, again.status) == (done.pk, alice, "queued")


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        ("queued", {"cancel"}),
        ("running", {"cancel"}),
        ("completed", {"rerun", "verify"}),
        ("failed", {"rerun"}),
        ("cancelled", {"rerun"}),
    ],
)
def test_the_page_of_one_has_the_buttons_that_make_sense(
    operator: Client, alice: User, series: Series, status: str, buttons: set[str]
) -> None:
    page = operator.get(page_of(backtest_in(alice, series, status))).content.decode()

    for name in ("cancel", "rerun", "verify"):
        button = f'name="CHANGE_FORM-action" value="{name}"'
        assert (button in page) == (name in buttons)


def test_a_button_does_what_it_says(
    operator: Client, alice: User, series: Series
) -> None:
    waits, done = backtest_in(alice, series, "queued"), completed(alice, series)

    assert b"1 cancelled." in press(operator, "cancel", waits).content
    assert b"1 queued to be verified." in press(operator, "verify", done).content

    waits.refresh_from_db()
    assert waits.status == "cancelled"
    assert Verification.objects.get().pk == done.pk


def test_who_may_only_look_changes_nothing(alice: User, series: Series) -> None:
    waits = backtest_in(alice, series, "queued")
    reader = clerk("view_backtest")

    page = reader.get(page_of(waits)).content
    choose(reader, "cancel", waits)
    press(reader, "cancel", waits)

    assert b"CHANGE_FORM-action" not in page
    waits.refresh_from_db()
    assert waits.status == "queued"


def test_who_may_change_backtests_may_act(alice: User, series: Series) -> None:
    waits = backtest_in(alice, series, "queued")

    page = choose(clerk("view_backtest", "change_backtest"), "cancel", waits)

    assert "1 cancelled." in page
