"""The ledger of trials: what counts as one, and what many are worth."""

import math
from datetime import timedelta
from statistics import NormalDist, variance
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.ledger import trials_now
from backtests.models import Backtest, BacktestResult, Trial
from backtests.services.request import BacktestRequest
from backtests.services.submission import backtest_create, backtest_delete
from backtests.tests.factories import completed, walk_series
from marketdata.models import Series
from strategies.services import strategy_update
from strategies.tests.factories import strategy_of

CROSS: dict[str, Any] = {"library": "ma_cross"}
CODE = "enter_long = close > open\nexit_long = close < open\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


def crossed(owner: User, series: Series, fast: int, **request: Any) -> Backtest:
    parameters = {"fast": fast, "slow": 10}
    return completed(owner, series, **CROSS, parameters=parameters, **request)


def count_of(backtest: Backtest) -> Any:
    return backtest.result.trials["count"]


def test_the_first_variant_is_not_deflated(alice: User, series: Series) -> None:
    done = crossed(alice, series, 3)

    trials = done.result.trials
    assert (trials["count"], trials["measured"]) == (1, 1)
    assert trials["expected_max_sharpe"] == 0
    assert trials["deflated_sharpe"] == trials["psr"] == done.result.metrics["psr"]
    assert "only variant" in trials["sentence"]


def test_the_same_run_again_is_the_same_trial(alice: User, series: Series) -> None:
    crossed(alice, series, 3)

    assert count_of(crossed(alice, series, 3, name="again")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"parameters": {"fast": 4, "slow": 10}},
        {"execution": {"fee_rate": 0.002}},
        {"execution": {"allow_short": True}},
    ],
)
def test_other_parameters_or_rules_are_another_trial(
    alice: User, series: Series, change: dict[str, Any]
) -> None:
    request = {**CROSS, "parameters": {"fast": 3, "slow": 10}}
    completed(alice, series, **request)

    assert count_of(completed(alice, series, **{**request, **change})) == 2


def test_another_window_is_the_same_trial(alice: User, series: Series) -> None:
    first = crossed(alice, series, 3)

    later = crossed(alice, series, 3, start=first.start.replace(day=5))

    assert count_of(later) == 1
    assert Trial.objects.get().sharpe == later.result.trials["sharpe"]
    assert later.result.trials["sharpe"] != first.result.trials["sharpe"]


def test_others_trials_do_not_count(alice: User, series: Series) -> None:
    crossed(user_create(email="bob@example.org"), series, 3)

    assert count_of(crossed(alice, series, 4)) == 1


def test_another_strategy_or_series_is_another_search(
    alice: User, series: Series
) -> None:
    crossed(alice, series, 3)

    assert count_of(completed(alice, series)) == 1
    assert count_of(crossed(alice, walk_series(symbol="OTHER/USDT"), 4)) == 1


def test_all_versions_of_a_strategy_count_together(alice: User, series: Series) -> None:
    strategy = strategy_of(alice, code=CODE)
    completed(alice, series, library=None, strategy=strategy.pk)
    strategy_update(strategy=strategy, fields={"code": CODE.replace(">", ">=")})

    assert count_of(completed(alice, series, library=None, strategy=strategy.pk)) == 2


def test_a_deleted_backtest_was_tried_all_the_same(alice: User, series: Series) -> None:
    backtest_delete(backtest=crossed(alice, series, 3))

    assert count_of(crossed(alice, series, 4)) == 2


def test_what_never_traded_is_counted_and_not_measured(
    alice: User, series: Series
) -> None:
    crossed(alice, series, 3)
    never = {"allow_long": False, "allow_short": True, "size": 1e-9, "min_qty": 1}

    trials = crossed(alice, series, 4, execution=never).result.trials

    assert (trials["count"], trials["measured"]) == (2, 1)
    assert trials["sharpe"] is trials["deflated_sharpe"] is None
    assert "is not defined" in trials["sentence"]


def test_one_that_cannot_be_compared_is_not_called_deflated(
    alice: User, series: Series
) -> None:
    first = crossed(alice, series, 3)
    crossed(alice, series, 4, execution={"min_notional": 1e12})

    now = trials_now(first, first.result)

    assert (now["count"], now["measured"]) == (2, 1)
    assert now["deflated_sharpe"] == now["psr"]
    assert "no other has a Sharpe ratio, so this one is not deflated" in now["sentence"]


def test_what_never_traded_raises_the_hurdle_for_the_others(
    alice: User, series: Series
) -> None:
    for fast in (3, 4):
        first = crossed(alice, series, fast)
    two = trials_now(first, first.result)
    for fast in (5, 6):
        crossed(alice, series, fast, execution={"min_notional": 1e12})

    four = trials_now(first, first.result)

    assert (four["count"], four["measured"]) == (4, 2)
    assert four["sharpe_variance"] == two["sharpe_variance"]
    quantile, euler = NormalDist().inv_cdf, 0.5772156649015329
    best = (1 - euler) * quantile(1 - 1 / 4) + euler * quantile(1 - 1 / (4 * math.e))
    spread = math.sqrt(two["sharpe_variance"])
    assert four["expected_max_sharpe"] == pytest.approx(spread * best)


def test_a_run_too_short_for_a_sharpe_ratio_takes_none_away(
    alice: User, series: Series
) -> None:
    first = crossed(alice, series, 3)
    sharpe = first.result.trials["sharpe"]

    short = crossed(alice, series, 3, end=first.start + timedelta(hours=3))

    assert short.result.trials["sharpe"] is None
    assert Trial.objects.get().sharpe == sharpe


def test_the_hurdle_is_the_best_that_chance_finds(alice: User, series: Series) -> None:
    runs = [crossed(alice, series, fast) for fast in (3, 4, 5, 6)]

    trials = runs[-1].result.trials
    spread = variance(run.result.trials["sharpe"] for run in runs)
    quantile, euler = NormalDist().inv_cdf, 0.5772156649015329
    best = (1 - euler) * quantile(1 - 1 / 4) + euler * quantile(1 - 1 / (4 * math.e))
    assert trials["sharpe_variance"] == pytest.approx(spread)
    assert trials["expected_max_sharpe"] == pytest.approx(math.sqrt(spread) * best)
    assert trials["expected_max_sharpe_annual"] == pytest.approx(
        math.sqrt(spread * 365) * best
    )
    assert trials["deflated_sharpe"] < trials["psr"]
    assert "4 variants" in trials["sentence"]


def test_the_worked_example_of_the_paper(
    alice: User, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bailey and Lopez de Prado 2014: a ratio of 2.5 a year of 250 days after five
    years, the best of 100 trials with a variance of 1/2 a year: 0.9004."""
    done = completed(alice, series)
    Trial.objects.all().delete()
    half = math.sqrt(0.5 / 250 * 99 / 100)  # 50 at +half, 50 at -half, about a mean
    middle = 2.5 / math.sqrt(250) - half
    Trial.objects.bulk_create(
        Trial(
            owner=alice,
            family="library:buy_and_hold",
            series=series,
            variant=str(number),
            sharpe=middle + (half if number % 2 else -half),
        )
        for number in range(100)
    )
    done.result.trials |= {
        "sharpe": 2.5 / math.sqrt(250),
        "days": 1250,
        "skew": -3.0,
        "kurtosis": 10.0,
        "days_per_year": 250,
    }

    trials = trials_now(done, done.result)

    assert trials["sharpe_variance"] == pytest.approx(0.5 / 250)
    assert trials["expected_max_sharpe"] == pytest.approx(0.11317200186513214)
    assert trials["deflated_sharpe"] == pytest.approx(0.9003968344493903)
    assert "90.0 %" in trials["sentence"]


def test_later_trials_change_what_a_result_is_worth_now(
    alice: User, series: Series
) -> None:
    first = crossed(alice, series, 3)
    for fast in (4, 5, 6):
        crossed(alice, series, fast)

    now = trials_now(first, first.result)

    assert (count_of(first), now["count"]) == (1, 4)
    assert now["deflated_sharpe"] < first.result.trials["deflated_sharpe"]


def test_to_judge_takes_one_query(
    alice: User,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    done = crossed(alice, series, 3)
    result = done.result

    with django_assert_num_queries(1):
        trials_now(done, result)


def test_a_copied_result_is_worth_what_it_is_by_now(
    alice: User, series: Series
) -> None:
    first = crossed(alice, series, 3)
    crossed(alice, series, 4)
    request = BacktestRequest(
        series=series.pk, parameters={"fast": 3, "slow": 10}, **CROSS
    )

    copy = backtest_create(owner=alice, request=request)

    assert copy.cached_from == first
    stored = BacktestResult.objects.get(pk=copy.pk).trials
    assert stored == copy.result.trials == trials_now(first, first.result)
    assert stored["count"] == 2
    assert Trial.objects.count() == 2
