"""How manieth a backtest is in the queue."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from backtests.models import Backtest
from backtests.selectors import queue_positions
from backtests.tests.factories import backtest_in, walk_series
from marketdata.models import Series

pytestmark = pytest.mark.django_db

URL = "/api/v1/backtests/"


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series()


def shown(api: APIClient, backtest: Backtest) -> Any:
    return api.get(f"{URL}{backtest.pk}/").json()["queue_position"]


def test_places_count_from_1_and_everybodys_backtests(
    api: APIClient, alice: User, series: Series
) -> None:
    bob = user_create(email="bob@example.org")
    owners = [bob, alice, bob, bob, alice]
    rows = [backtest_in(owner, series, "queued") for owner in owners]

    assert [shown(api, rows[i]) for i in (1, 4)] == [2, 5]


def test_it_moves_up_when_one_before_it_is_taken(
    api: APIClient, alice: User, series: Series
) -> None:
    first, second = (backtest_in(alice, series, "queued") for _ in range(2))
    assert shown(api, second) == 2

    Backtest.objects.filter(pk=first.pk).update(status="running")

    assert shown(api, second) == 1
    assert shown(api, first) is None


@pytest.mark.parametrize("status", ["running", "completed", "failed", "cancelled"])
def test_what_does_not_wait_has_none(
    api: APIClient, alice: User, series: Series, status: str
) -> None:
    backtest_in(alice, series, "queued")

    assert shown(api, backtest_in(alice, series, status)) is None


def test_a_list_shows_the_same_places(
    api: APIClient, alice: User, series: Series
) -> None:
    bob = user_create(email="bob@example.org")
    for owner, status in [
        (alice, "queued"),
        (bob, "queued"),
        (alice, "completed"),
        (alice, "queued"),
        (bob, "queued"),
        (alice, "queued"),
    ]:
        backtest_in(owner, series, status)

    rows = api.get(URL, {"ordering": "id"}).json()["results"]

    assert [row["queue_position"] for row in rows] == [1, None, 3, 5]


def test_one_that_was_taken_after_it_was_read_was_the_next(
    alice: User, series: Series
) -> None:
    read = [backtest_in(alice, series, "queued") for _ in range(3)]
    Backtest.objects.filter(pk=read[0].pk).update(status="running")

    assert list(queue_positions(read).values()) == [1, 1, 2]


def test_a_new_one_is_the_last(api: APIClient, alice: User, series: Series) -> None:
    for _ in range(3):
        backtest_in(alice, series, "queued")

    response = api.post(URL, {"library": "ma_cross", "series": series.pk})

    assert response.json()["queue_position"] == 4
