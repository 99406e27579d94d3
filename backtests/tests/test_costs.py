"""What a run will take of a worker, before it runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import problem_of
from backtests.costs import Estimate, estimate
from backtests.models import Backtest
from backtests.tests.factories import walk_series
from marketdata.models import Series
from strategies.language.strategy import LanguageStrategy
from strategies.library.registry import library_strategy
from strategies.tests.factories import strategy_of

URL = "/api/v1/backtests/"
HOUR_MS = 3_600_000
LIGHT = LanguageStrategy.of("enter_long = close > open").on(HOUR_MS)
HEAVY = LanguageStrategy.of(
    "enter_long = linreg(close, 200) > linreg(close, 300) + stdev(close, 50)"
).on(HOUR_MS)
BUILT_IN = library_strategy("ma_cross")


def test_a_built_in_strategy_is_a_constant_and_so_much_for_every_bar() -> None:
    # 0.03 s, and 300 ns + 20 additions of 2 ns for each of a million bars
    assert estimate(BUILT_IN, 1_000_000, {}).seconds == pytest.approx(0.03 + 0.34)
    assert estimate(BUILT_IN, 1_000_000, {}).bytes == 160e6


def test_a_text_costs_what_its_graph_costs() -> None:
    light, heavy = (estimate(one, 1_000_000, {}) for one in (LIGHT, HEAVY))

    assert 0.33 <= light.seconds < heavy.seconds
    assert 160e6 < light.bytes < heavy.bytes


@given(bars=st.integers(2, 10**8), more=st.integers(1, 10**8))
def test_more_bars_never_cost_less(bars: int, more: int) -> None:
    for strategy in (BUILT_IN, LIGHT, HEAVY):
        small, large = (estimate(strategy, n, {}) for n in (bars, bars + more))
        assert small.seconds < large.seconds
        assert small.bytes < large.bytes


def test_the_same_request_always_costs_the_same() -> None:
    assert estimate(HEAVY, 12_345, {}) == estimate(HEAVY, 12_345, {})
    assert isinstance(estimate(HEAVY, 12_345, {}), Estimate)


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.mark.django_db
def test_the_answer_says_the_cost_warm_up_included(
    api: APIClient, series: Series
) -> None:
    window = {"start": "2024-01-10T00:00:00Z"}
    given = {"library": "ma_cross", "parameters": {"fast": 5, "slow": 20}, **window}

    body = api.post(URL, {**given, "series": series.pk}).json()

    bars = body["bars"] + BUILT_IN.warmup_bars({"fast": 5, "slow": 20})
    assert body["cost"] == estimate(BUILT_IN, bars, {}).seconds
    assert Backtest.objects.get().cost == body["cost"]


@pytest.mark.django_db
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("JOB_TIMEOUT_SECONDS", "too_expensive"),
        ("BACKTESTS_MAX_MEMORY_MB", "too_much_memory"),
    ],
)
def test_what_no_worker_can_run_is_refused_and_says_what_to_do(
    api: APIClient,
    alice: User,
    series: Series,
    settings: Settings,
    own: bool,
    setting: str,
    code: str,
) -> None:
    setattr(settings, setting, 0)
    what = {"strategy": strategy_of(alice).pk} if own else {"library": "ma_cross"}

    problem = problem_of(api.post(URL, {**what, "series": series.pk}), 422)

    assert problem["code"] == code
    (error,) = problem["errors"]
    assert (error["pointer"], error["code"]) == ("/start", code)
    assert "shorter window" in error["detail"]
    assert not Backtest.objects.exists()
