"""The same again, on today's candles."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of
from backtests.models import Backtest
from backtests.tests.factories import (
    backtest_in,
    candles_add,
    completed,
    day,
    walk,
    walk_series,
)
from marketdata.models import Series
from strategies.models import Strategy
from strategies.services import strategy_update
from strategies.tests.factories import strategy_of

pytestmark = pytest.mark.django_db

URL = "/api/v1/backtests/"
REQUEST: dict[str, Any] = {
    "library": "ma_cross",
    "parameters": {"fast": 5, "slow": 20},
    "execution": {"fee_rate": 0.002, "stop_loss": 0.1},
    "name": "Trend",
    "tags": ("a", "b"),
}


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series()


def rerun(api: APIClient, backtest: Backtest, **body: Any) -> dict[str, Any]:
    response = api.post(f"{URL}{backtest.pk}/rerun/", body)
    assert response.status_code == 202, response.content
    again: dict[str, Any] = response.json()
    assert response["Location"].endswith(f"{URL}{again['id']}/")
    return again


def test_it_is_a_new_backtest_of_the_same_request(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest = completed(alice, series, **REQUEST)
    before = api.get(f"{URL}{backtest.pk}/").json()

    again = rerun(api, backtest, cache="refresh")

    assert again["id"] != backtest.pk
    assert again["rerun_of"] == backtest.pk
    assert (again["status"], again["cache"]) == ("queued", "miss")
    for same in ("name", "tags", "library", "parameters", "execution", "series"):
        assert again[same] == before[same], same


def test_on_the_same_candles_the_result_is_known(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest = completed(alice, series, **REQUEST)

    again = rerun(api, backtest)

    assert (again["status"], again["cached_from"]) == ("completed", backtest.pk)


def test_a_window_that_was_left_open_takes_in_the_new_candles(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest = completed(alice, series, **REQUEST)
    candles_add(series, walk(450))

    again = rerun(api, backtest)

    assert (backtest.bars, again["bars"]) == (400, 450)
    assert again["cache"] == "miss"


def test_a_window_that_was_given_stays(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest = completed(alice, series, start=day(1), end=day(9), **REQUEST)
    candles_add(series, walk(450))

    again = rerun(api, backtest)

    assert again["start"] == "2024-01-02T00:00:00Z"
    assert again["end"] == "2024-01-10T00:00:00Z"


def test_an_end_beyond_the_candles_is_reached_when_they_are_there(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest = completed(alice, series, end=day(18), **REQUEST)
    assert backtest.bars == 400
    candles_add(series, walk(450))

    assert rerun(api, backtest)["bars"] == 18 * 24


def test_it_runs_the_version_that_ran_not_the_latest(
    api: APIClient, alice: User, series: Series
) -> None:
    own = strategy_of(alice)
    backtest = completed(alice, series, library=None, strategy=own.pk)
    own = Strategy.objects.get(pk=own.pk)
    strategy_update(strategy=own, fields={"code": "enter_long = close > open"})

    again = rerun(api, backtest)

    assert (again["strategy"], again["strategy_version"]) == (own.pk, 1)


@pytest.mark.parametrize("status", Backtest.Status.values)
def test_it_can_be_asked_for_in_every_state(
    api: APIClient, alice: User, series: Series, status: str
) -> None:
    assert rerun(api, backtest_in(alice, series, status))["id"]


def test_what_cannot_be_run_any_more_is_refused(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest = completed(alice, series)
    Backtest.objects.update(library="forgotten")

    response = api.post(f"{URL}{backtest.pk}/rerun/")

    assert pointers_of(response) == ["/library"]


def test_an_unknown_field_is_refused(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest = completed(alice, series)

    response = api.post(f"{URL}{backtest.pk}/rerun/", {"name": "other"})

    assert pointers_of(response) == ["/name"]


def test_sent_twice_under_one_key_it_is_submitted_once(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest = completed(alice, series)
    url, key = f"{URL}{backtest.pk}/rerun/", {"Idempotency-Key": "k"}

    first, again = (api.post(url, headers=key) for _ in range(2))

    assert first.json() == again.json()
    assert again["Location"] == first["Location"]
    assert Backtest.objects.count() == 2


def test_it_takes_few_queries(
    api: APIClient,
    alice: User,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    backtest = backtest_in(alice, series, "failed")
    rerun(api, backtest)

    # the backtest, its owner, and the eleven of a submission
    with django_assert_num_queries(12):
        rerun(api, backtest)


def test_a_strangers_is_404(api: APIClient, series: Series) -> None:
    theirs = completed(user_create(email="bob@example.org"), series)

    problem_of(api.post(f"{URL}{theirs.pk}/rerun/"), 404)


def test_anonymous_is_401(alice: User, series: Series) -> None:
    backtest = completed(alice, series)

    problem_of(api_client().post(f"{URL}{backtest.pk}/rerun/"), 401)
