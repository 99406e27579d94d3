"""The row of a computed run: what it holds, and what its checks say."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.checks import CHECKS
from backtests.computation import Computed, compute, run_of
from backtests.engine.statistics import psr
from backtests.models import Backtest
from backtests.outcome import checks_of, result_row
from backtests.results import equity_columns, table_of
from backtests.tests.factories import backtest_queued, day, walk_series
from marketdata.models import Series
from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Signals, Values

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def queued(alice: User, series: Series) -> Backtest:
    parameters = {"fast": 3, "slow": 10}
    return backtest_queued(alice, series, library="ma_cross", parameters=parameters)


def computed_by(backtest: Backtest, strategy: BaseStrategy) -> Computed:
    return compute(replace(run_of(backtest), strategy=strategy))


def finding(backtest: Backtest, computed: Computed, code: str) -> dict[str, object]:
    (found,) = (f for f in checks_of(backtest, computed) if f["code"] == code)
    return found


class Peeking(BaseStrategy):
    """Buys before a rise of the next bar."""

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        rises: NDArray[np.bool_] = np.append(np.diff(ohlcv.close) > 0, False)
        return Signals.of(len(ohlcv), enter_long=rises, exit_long=~rises)


class Demanding(BaseStrategy):
    """Cannot be asked about fewer candles than it was made for."""

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        if len(ohlcv) < 400:
            raise ValueError("too few candles")
        return Signals.of(len(ohlcv))


def test_a_strategy_that_sees_the_future_is_found_out(queued: Backtest) -> None:
    found = finding(queued, computed_by(queued, Peeking()), "look_ahead")

    assert found["severity"] == "critical"
    assert "enter_long" in str(found["sentence"])


def test_one_that_cannot_run_on_fewer_candles_is_told_of(queued: Backtest) -> None:
    found = finding(queued, computed_by(queued, Demanding()), "look_ahead")

    assert (found["severity"], found["value"]) == ("warning", 0)


def test_a_bug_of_a_strategy_is_not_hidden(
    queued: Backtest, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = computed_by(queued, Demanding())

    def fail(*args: object) -> None:
        raise TypeError("bug")

    monkeypatch.setattr(Demanding, "generate_signals", fail)

    with pytest.raises(TypeError, match="bug"):
        checks_of(queued, computed)


def test_a_run_from_the_first_candle_on_has_no_warm_up(queued: Backtest) -> None:
    found = finding(queued, compute(run_of(queued)), "warm_up")

    # a cross of 10 bars needs 10 before it, of a run of 400
    assert (found["severity"], found["value"]) == ("info", 10)
    assert "10 of 10 bars" in str(found["sentence"])


def test_a_run_that_begins_later_has_all_of_it(alice: User, series: Series) -> None:
    later = backtest_queued(
        alice,
        series,
        library="ma_cross",
        parameters={"fast": 3, "slow": 10},
        start=day(2),
    )

    found = finding(later, compute(run_of(later)), "warm_up")

    assert (found["severity"], found["value"]) == ("ok", 0)


def test_the_grade_is_that_of_the_series(queued: Backtest, series: Series) -> None:
    Series.objects.filter(pk=series.pk).update(grade="D", missing_bars=100)
    queued.series.refresh_from_db()

    found = finding(queued, compute(run_of(queued)), "data_grade")

    # 100 missing of 400 + 100
    assert (found["severity"], found["value"]) == ("warning", 0.2)


def test_the_checks_are_the_same_every_time(queued: Backtest) -> None:
    first, second = (checks_of(queued, compute(run_of(queued))) for _ in range(2))

    assert first == second
    assert [found["code"] for found in first] == list(CHECKS)


def test_the_row_holds_everything_the_run_came_to(queued: Backtest) -> None:
    computed = compute(run_of(queued))

    row = result_row(queued, computed)

    result, metrics = computed.result, computed.metrics
    equity = equity_columns(row)
    assert np.array_equal(equity["equity"], result.equity)
    assert np.array_equal(equity["time"], result.time)
    assert equity["benchmark"][-1] / 10_000 - 1 == metrics["benchmark_return"]
    assert equity["drawdown"].min() == pytest.approx(metrics["max_drawdown"])
    assert len(table_of(row, "trades")["pnl"]) == len(result.trades)
    assert len(table_of(row, "fills")["price"]) == len(result.fills)
    assert row.manifest["data"]["days_per_year"] == 365


def test_the_record_for_the_ledger_gives_the_probability_of_the_metrics(
    queued: Backtest,
) -> None:
    computed = compute(run_of(queued))

    record = result_row(queued, computed).trials

    # 400 hours from midnight on end on the 17th day, and the first day is the base
    assert record["days"] == 16
    assert record["sharpe"] * math.sqrt(365) == computed.metrics["sharpe"]
    assert psr(
        record["sharpe"], record["days"], record["skew"], record["kurtosis"]
    ) == pytest.approx(computed.metrics["psr"])
