"""A user's code is one more strategy: same service, same worker, same result."""

import pytest

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, BacktestResult
from backtests.tests.factories import completed, day, walk_series
from marketdata.models import Series
from strategies.models import Strategy
from strategies.services import strategy_create, strategy_update

CODE = """
fast = param("fast", 5, min=2, max=50)
slow = param("slow", 20, min=3, max=100)
enter_long = crossover(sma(close, fast), sma(close, slow))
exit_long = crossunder(sma(close, fast), sma(close, slow))
enter_short = exit_long
exit_short = enter_long
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def own(alice: User) -> Strategy:
    return strategy_create(
        owner=alice, name="Mine", code=CODE, parameters={"fast": 8, "slow": 30}
    )


def _run(
    owner: User, series: Series, strategy: Strategy, **request: object
) -> Backtest:
    given = {"library": None, "strategy": strategy.pk, **request}
    return completed(owner, series, **given)


def test_it_has_the_result_of_the_built_in_strategy_that_it_copies(
    alice: User, series: Series, own: Strategy
) -> None:
    execution = {"allow_short": True}
    theirs = completed(
        alice,
        series,
        library="ma_cross",
        parameters={"fast": 8, "slow": 30},
        execution=execution,
    )

    mine = _run(alice, series, own, execution=execution)

    metrics = [
        BacktestResult.objects.get(backtest=run).metrics for run in (mine, theirs)
    ]
    assert metrics[0]["trades"] > 3
    assert metrics[0] == metrics[1]


def test_the_request_comes_before_the_stored_parameters(
    alice: User, series: Series, own: Strategy
) -> None:
    backtest = _run(alice, series, own, parameters={"fast": 4})

    assert backtest.parameters == {"fast": 4, "slow": 30}


def test_an_old_version_takes_what_it_declares_of_the_stored_parameters(
    alice: User, series: Series, own: Strategy
) -> None:
    code = 'late = param("late", 3)\nenter_long = close > close[late]\n'
    strategy_update(strategy=own, fields={"code": code, "parameters": {"late": 7}})

    new = _run(alice, series, own)
    old = _run(alice, series, own, strategy_version=1)

    assert new.parameters == {"late": 7}
    assert old.parameters == {"fast": 5, "slow": 20}


def test_candles_before_the_window_warm_it_up(
    alice: User, series: Series, own: Strategy
) -> None:
    backtest = _run(alice, series, own, start=day(2))

    manifest = BacktestResult.objects.get(backtest=backtest).manifest
    assert manifest["data"]["warmup_bars"] == 30
