from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient
from rq import Queue

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import problem_of
from backtests.models import Backtest
from backtests.tests.factories import backtest_in, day, walk_series
from backtests.tests.queues import empty_queue
from marketdata.models import Series

URL = "/api/v1/backtests/"
MA_CROSS = {"library": "ma_cross", "parameters": {"fast": 5, "slow": 20}}
EXECUTION = {
    "initial_capital": 10_000.0,
    "fee_rate": 0.001,
    "maker_fee_rate": None,
    "fixed_fee": 0.0,
    "slippage": 0.0005,
    "entry_slippage": 0.0,
    "stop_slippage": True,
    "fill": "next_open",
    "intrabar": "stop_first",
    "close_at_end": "none",
    "size_mode": "equity_fraction",
    "size": 1.0,
    "size_base": "fill",
    "lot_step": None,
    "min_qty": 0.0,
    "max_qty": None,
    "min_notional": 0.0,
    "price_tick": None,
    "on_insufficient": "reduce",
    "leverage": 1.0,
    "maint_margin": 0.005,
    "liq_fee_rate": None,
    "negative_balance_protection": True,
    "allow_long": True,
    "allow_short": False,
    "on_opposite": "reverse",
    "on_conflict": "ignore",
    "pyramiding": 1,
    "max_positions": None,
    "stop_loss": None,
    "take_profit": None,
    "trailing_stop": None,
    "stop_anchor": "fill",
    "trail_on": "extreme",
    "stop_on_entry_bar": True,
    "stop_exit_price": "stop",
    "on_bad_bar": "raise",
    "zero_volume": "trade",
    "event_order": "open_first",
    "signal_on_stop_bar": "act",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def queue() -> Iterator[Queue]:
    with empty_queue() as queue:
        yield queue


def test_it_answers_202_with_the_backtest_and_where_to_find_it(
    api: APIClient, series: Series
) -> None:
    response = api.post(URL, {**MA_CROSS, "series": series.pk})

    body = response.json()
    assert response.status_code == 202
    assert response["Location"] == f"http://testserver{URL}{body['id']}/"
    assert api.get(response["Location"]).json() == body
    assert body["status"] == "queued"
    assert body["progress"] == {"fraction": 0.0, "stage": "", "done": 0, "total": 4}
    assert body["metrics"] is body["error"] is body["started_at"] is None


def test_what_was_left_out_is_written_out(api: APIClient, series: Series) -> None:
    body = api.post(URL, {"library": "ma_cross", "series": series.pk}).json()

    assert body["parameters"] == {"fast": 20, "slow": 100, "type": "sma"}
    assert body["execution"] == EXECUTION
    assert body["strategy"] is body["strategy_version"] is None


def test_costs_are_ten_and_five_basis_points_unless_given(
    api: APIClient, series: Series
) -> None:
    body = api.post(URL, {**MA_CROSS, "series": series.pk}).json()

    assert body["execution"]["fee_rate"] == 10 / 10_000
    assert body["execution"]["slippage"] == 5 / 10_000


def test_every_execution_field_can_be_given_and_is_echoed(
    api: APIClient, series: Series
) -> None:
    given = {**EXECUTION, "fee_rate": 0.002, "stop_loss": 0.1, "allow_short": True}
    given |= {"stop_slippage": "both", "lot_step": 0.001, "pyramiding": 3}

    body = api.post(URL, {**MA_CROSS, "series": series.pk, "execution": given}).json()

    assert body["execution"] == given


def test_name_and_tags_are_kept(api: APIClient, series: Series) -> None:
    filed = {"name": "Größe 📈", "tags": ["one", "two"]}

    body = api.post(URL, {**MA_CROSS, "series": series.pk, **filed}).json()

    assert (body["name"], body["tags"]) == (filed["name"], filed["tags"])


def test_a_series_can_be_named_in_any_letter_case(
    api: APIClient, series: Series
) -> None:
    names = {"source": "TOYS", "symbol": "walk/usdt", "timeframe": "1h"}

    body = api.post(URL, {**MA_CROSS, "series": names}).json()

    assert body["series"] == {
        "id": series.pk,
        "source": "toys",
        "symbol": "WALK/USDT",
        "timeframe": "1h",
    }


def test_the_window_is_the_whole_series_unless_given(
    api: APIClient, series: Series
) -> None:
    body = api.post(URL, {**MA_CROSS, "series": series.pk}).json()

    assert body["start"] == "2024-01-01T00:00:00Z"
    assert body["end"] == "2024-01-17T16:00:00Z"  # 400 hours later
    assert body["bars"] == 400


def test_the_window_is_cut_to_the_candles_and_echoed(
    api: APIClient, series: Series
) -> None:
    window = {"start": "1999-01-01T00:00:00Z", "end": "2099-01-01T00:00:00Z"}

    body = api.post(URL, {**MA_CROSS, "series": series.pk, **window}).json()

    assert body["start"] == "2024-01-01T00:00:00Z"
    assert body["end"] == "2024-01-17T16:00:00Z"


def test_the_end_of_the_window_is_not_included(api: APIClient, series: Series) -> None:
    window = {"start": day(1).isoformat(), "end": day(2).isoformat()}

    body = api.post(URL, {**MA_CROSS, "series": series.pk, **window}).json()

    assert body["bars"] == 24


def test_times_in_another_zone_are_understood(api: APIClient, series: Series) -> None:
    window = {"start": "2024-01-02T02:00:00+02:00", "end": "2024-01-03T00:00:00Z"}

    body = api.post(URL, {**MA_CROSS, "series": series.pk, **window}).json()

    assert body["start"] == "2024-01-02T00:00:00Z"
    assert body["bars"] == 24


def test_the_job_is_queued_only_when_the_row_is_committed(
    api: APIClient,
    series: Series,
    queue: Queue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        body = api.post(URL, {**MA_CROSS, "series": series.pk}).json()
    assert queue.job_ids == []

    with django_capture_on_commit_callbacks(execute=True):
        for callback in callbacks:
            callback()

    assert queue.job_ids == [Backtest.objects.get(pk=body["id"]).job_id]


@pytest.mark.parametrize("given", ["id", "names"])
def test_it_takes_few_queries(
    api: APIClient,
    series: Series,
    given: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    names = {"source": "toys", "symbol": "WALK/USDT", "timeframe": "1h"}
    reference: Any = series.pk if given == "id" else names

    # The first of a day makes the day's account.
    api.post(URL, {**MA_CROSS, "series": reference})

    # the series, one to count its candles, savepoint, the user's lock, a known result,
    # the day's cost, the active ones, row, release, the place in the queue
    with django_assert_num_queries(10):
        response = api.post(URL, {**MA_CROSS, "series": reference})

    assert response.status_code == 202


def test_anonymous_is_401(series: Series) -> None:
    problem_of(api_client().post(URL, {**MA_CROSS, "series": series.pk}), 401)


@override_settings(BACKTESTS_MAX_ACTIVE=2)
def test_nobody_has_more_than_so_many_at_once(
    api: APIClient, alice: User, series: Series
) -> None:
    running = backtest_in(alice, series, "running")
    backtest_in(alice, series, "queued")
    backtest_in(user_create(email="bob@example.org"), series, "queued")

    problem = problem_of(api.post(URL, {**MA_CROSS, "series": series.pk}), 429)

    assert problem["code"] == "quota_active"
    assert "2 backtests queued or running" in problem["detail"]

    Backtest.objects.filter(pk=running.pk).update(status="failed")
    assert api.post(URL, {**MA_CROSS, "series": series.pk}).status_code == 202
