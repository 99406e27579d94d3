"""Requests of the right shape that mean nothing that can be run."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from rest_framework.test import APIClient
from rq import Queue

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of
from backtests.models import Backtest
from backtests.tests.factories import series_create, series_of, walk_series
from backtests.tests.queues import empty_queue
from botforge.errors import FieldError
from marketdata.models import Series
from strategies.language.strategy import LanguageStrategy
from strategies.tests.factories import strategy_of

URL = "/api/v1/backtests/"

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


@pytest.fixture(autouse=True)
def _nothing_is_stored_or_queued() -> Iterator[None]:
    with empty_queue() as queue:
        yield
        assert_nothing(queue)


def assert_nothing(queue: Queue) -> None:
    assert not Backtest.objects.exists()
    assert queue.job_ids == []


def request(series: Series, /, **changes: Any) -> dict[str, Any]:
    return {"library": "ma_cross", "series": series.pk, **changes}


def test_neither_strategy_nor_library_is_refused(
    api: APIClient, series: Series
) -> None:
    response = api.post(URL, {"series": series.pk})

    assert pointers_of(response) == ["/library", "/strategy"]
    assert problem_of(response, 400)["detail"].count("Give exactly one of") == 1


def test_both_strategy_and_library_are_refused(
    api: APIClient, alice: User, series: Series
) -> None:
    own = strategy_of(alice)

    response = api.post(URL, request(series, strategy=own.pk))

    assert pointers_of(response) == ["/library", "/strategy"]


def test_somebody_elses_strategy_is_as_unknown_as_none(
    api: APIClient, series: Series
) -> None:
    foreign = strategy_of(user_create(email="bob@example.org"))

    theirs, nobodys = (
        problem_of(api.post(URL, {"strategy": pk, "series": series.pk}), 400)
        for pk in (foreign.pk, foreign.pk + 1)
    )

    assert theirs["errors"][0]["pointer"] == "/strategy"
    assert theirs["errors"] == nobodys["errors"]


def test_parameters_of_an_own_strategy_are_those_that_its_code_declares(
    api: APIClient, alice: User, series: Series
) -> None:
    own = strategy_of(alice)
    given = {"strategy": own.pk, "series": series.pk}

    unknown, too_large = (
        api.post(URL, given | {"parameters": parameters}, format="json")
        for parameters in ({"slow": 3}, {"fast": 6000})
    )

    assert pointers_of(unknown) == ["/parameters/slow"]
    assert pointers_of(too_large) == ["/parameters/fast"]


def test_a_higher_timeframe_must_be_higher_than_that_of_the_candles(
    api: APIClient, alice: User, series: Series
) -> None:
    own = strategy_of(alice, code='enter_long = close > htf("1m", close)')

    problem = problem_of(api.post(URL, {"strategy": own.pk, "series": series.pk}), 400)

    assert problem["errors"][0]["pointer"] == "/strategy"
    assert problem["errors"][0]["code"] == "timeframe_does_not_fit"


def test_a_run_that_would_cost_too_much_is_not_started(
    api: APIClient, alice: User, series: Series
) -> None:
    own = strategy_of(alice)
    dear = FieldError("/strategy", "too_expensive", "Line 2 costs most.")

    with patch.object(LanguageStrategy, "check_run", return_value=(dear,)):
        response = api.post(URL, {"strategy": own.pk, "series": series.pk})

    problem = problem_of(response, 422)
    assert problem["code"] == problem["errors"][0]["code"] == "too_expensive"


def test_a_version_that_does_not_exist_is_named(
    api: APIClient, alice: User, series: Series
) -> None:
    own = strategy_of(alice)
    given = {"strategy": own.pk, "strategy_version": 7, "series": series.pk}

    response = api.post(URL, given)

    assert pointers_of(response) == ["/strategy_version"]
    assert "its versions are 1 to 1" in problem_of(response, 400)["detail"]


def test_a_built_in_strategy_has_no_versions(api: APIClient, series: Series) -> None:
    response = api.post(URL, request(series, strategy_version=1))

    assert pointers_of(response) == ["/strategy_version"]


def test_an_unknown_library_strategy_is_answered_with_those_there_are(
    api: APIClient, series: Series
) -> None:
    response = api.post(URL, request(series, library="moon"))

    assert pointers_of(response) == ["/library"]
    assert "ma_cross" in problem_of(response, 400)["detail"]


@pytest.mark.parametrize(
    ("parameters", "pointers"),
    [
        ({"fsat": 20}, ["/parameters/fsat"]),
        ({"fast": 1}, ["/parameters/fast"]),
        ({"slow": 5001}, ["/parameters/slow"]),
        ({"slow": 10**400}, ["/parameters/slow"]),
        ({"fast": 20.5}, ["/parameters/fast"]),
        ({"fast": "20"}, ["/parameters/fast"]),
        ({"fast": True}, ["/parameters/fast"]),
        ({"fast": None}, ["/parameters/fast"]),
        ({"fast": [20]}, ["/parameters/fast"]),
        ({"type": "wma"}, ["/parameters/type"]),
        ({"type": {}}, ["/parameters/type"]),
        ({"fast": 50, "slow": 50}, ["/parameters/fast"]),
        ({"fsat": 1, "slow": 0}, ["/parameters/fsat", "/parameters/slow"]),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    api: APIClient, series: Series, parameters: dict[str, Any], pointers: list[str]
) -> None:
    response = api.post(URL, request(series, parameters=parameters))

    assert pointers_of(response) == pointers


def test_an_unknown_series_is_answered_with_where_to_look(
    api: APIClient, series: Series
) -> None:
    response = api.post(URL, request(series, series=series.pk + 1))

    assert pointers_of(response) == ["/series"]
    assert "series/ lists them" in problem_of(response, 400)["detail"]


def test_an_unknown_symbol_is_named(api: APIClient, series: Series) -> None:
    names = {"source": "toys", "symbol": "NOPE/USDT", "timeframe": "1h"}

    response = api.post(URL, request(series, series=names))

    assert pointers_of(response) == ["/series"]
    assert "NOPE/USDT 1h from toys" in problem_of(response, 400)["detail"]


def test_another_timeframe_is_answered_with_what_there_is(
    api: APIClient, series: Series
) -> None:
    names = {"source": "toys", "symbol": "WALK/USDT", "timeframe": "1d"}

    problem = problem_of(api.post(URL, request(series, series=names)), 400)

    assert "there is WALK/USDT toys 1h" in problem["detail"]


def test_a_series_without_candles_is_unknown(api: APIClient, series: Series) -> None:
    empty = series_create(symbol="EMPTY/USDT")

    assert pointers_of(api.post(URL, request(empty))) == ["/series"]


@pytest.mark.parametrize(
    ("window", "pointer"),
    [
        ({"start": "2024-01-05T00:00:00Z", "end": "2024-01-02T00:00:00Z"}, "/end"),
        ({"start": "2024-01-05T00:00:00Z", "end": "2024-01-05T00:00:00Z"}, "/end"),
        ({"start": "2025-01-01T00:00:00Z"}, "/start"),
        ({"end": "2023-01-01T00:00:00Z"}, "/end"),
        ({"start": "2024-01-02T00:10:00Z", "end": "2024-01-02T00:50:00Z"}, "/start"),
        ({"start": "2024-01-02T00:00:00Z", "end": "2024-01-02T01:00:00Z"}, "/start"),
    ],
)
def test_a_window_without_two_candles_is_refused(
    api: APIClient, series: Series, window: dict[str, str], pointer: str
) -> None:
    response = api.post(URL, request(series, **window))

    assert pointers_of(response) == [pointer]


def test_an_empty_window_is_answered_with_what_the_series_has(
    api: APIClient, series: Series
) -> None:
    later = request(series, start="2025-01-01T00:00:00Z")

    detail = problem_of(api.post(URL, later), 400)["detail"]

    assert "candles from 2024-01-01 00:00 to 2024-01-17 15:00 UTC" in detail


def test_one_candle_is_no_backtest(api: APIClient) -> None:
    lonely = series_of((100.0, 100.0))

    assert pointers_of(api.post(URL, request(lonely))) == ["/start"]


@pytest.mark.parametrize(
    ("execution", "field"),
    [
        ({"initial_capital": 0}, "initial_capital"),
        ({"fee_rate": 10}, "fee_rate"),
        ({"fee_rate": -0.1}, "fee_rate"),
        ({"slippage": 1}, "slippage"),
        ({"size": -1}, "size"),
        ({"leverage": 0.5}, "leverage"),
        ({"pyramiding": 0}, "pyramiding"),
        ({"stop_loss": 1.5}, "stop_loss"),
        ({"stop_loss": 0}, "stop_loss"),
        ({"allow_long": False}, "allow_long"),
        ({"min_qty": 2, "max_qty": 1}, "min_qty"),
    ],
)
def test_an_execution_value_out_of_range_is_named(
    api: APIClient, series: Series, execution: dict[str, Any], field: str
) -> None:
    response = api.post(URL, request(series, execution=execution))

    assert pointers_of(response) == [f"/execution/{field}"]


def test_everything_that_is_wrong_is_named_at_once(
    api: APIClient, series: Series
) -> None:
    wrong = {
        "library": "ma_cross",
        "parameters": {"fast": 1, "slwo": 50},
        "series": series.pk,
        "start": "2025-01-01T00:00:00Z",
        "execution": {"fee_rate": 2, "size": 0},
    }

    assert pointers_of(api.post(URL, wrong)) == [
        "/execution/fee_rate",
        "/execution/size",
        "/parameters/fast",
        "/parameters/slwo",
        "/start",
    ]


@pytest.mark.parametrize("own", [False, True])
def test_sizing_by_risk_needs_something_that_gives_a_stop(
    api: APIClient, alice: User, series: Series, own: bool
) -> None:
    chosen = {"strategy": strategy_of(alice).pk} if own else {"library": "ma_cross"}
    by_risk = {"size_mode": "risk_fraction", "size": 0.01}

    response = api.post(URL, {**chosen, "series": series.pk, "execution": by_risk})

    assert pointers_of(response) == ["/execution/size_mode"]
    assert "set stop_loss" in problem_of(response, 400)["detail"]
