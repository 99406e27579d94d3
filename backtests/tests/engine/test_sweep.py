"""A sweep finds for every combination what a run of its own finds."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from backtests.engine import (
    Calculated,
    Crossings,
    ExecutionConfig,
    SweepResult,
    measure,
    simulate,
    sweep,
)
from backtests.tests.engine.markets import candles, configs, signals
from backtests.tests.engine.scenario import candles as rows_of
from botforge.errors import InvalidInput
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals
from strategies.indicators.crossings import crossover, crossunder

KEYS = {
    "total_return": "total_return",
    "max_drawdown": "max_drawdown",
    "sharpe": "sharpe",
    "trades": "trades",
    "win_rate": "win_rate",
    "profit_factor": "profit_factor",
    "final_equity": "final_equity",
    "fees_paid": "fees_paid",
    "time_in_market": "time_in_market",
}
PAIRS = [(2, 5), (3, 8), (5, 8), (2, 13), (8, 13)] * 5


def mean(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    out = np.full(len(values), np.nan)
    for i in range(length - 1, len(values)):
        out[i] = values[i - length + 1 : i + 1].mean()
    return out


def assert_rows_agree(
    found: SweepResult, ohlcv: Ohlcv, every: list[Signals], config: ExecutionConfig
) -> None:
    for row, each in zip(found.rows, every, strict=True):
        metrics = measure(simulate(ohlcv, each, config), ohlcv)
        for name, key in KEYS.items():
            assert row[name] == pytest.approx(
                metrics[key], rel=1e-9, abs=1e-12, nan_ok=True
            ), name


@pytest.mark.parametrize("allow_short", [False, True])
@pytest.mark.parametrize("stops", [{}, {"stop_loss": 0.02, "trailing_stop": 0.03}])
def test_crossings_agree_with_single_runs(
    allow_short: bool, stops: dict[str, Any]
) -> None:
    ohlcv = candles(np.random.default_rng(1), 400)
    config = replace(ExecutionConfig(allow_short=allow_short), **stops)
    found = sweep(ohlcv, Crossings.of(ohlcv.close, mean, PAIRS), config)

    every = []
    for fast, slow in PAIRS:
        a, b = mean(ohlcv.close, fast), mean(ohlcv.close, slow)
        up, down = crossover(a, b), crossunder(a, b)
        every.append(Signals(up, down, down, up))
    assert_rows_agree(found, ohlcv, every, config)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs(), st.integers(0, 2**32 - 1))
def test_calculated_signals_agree_with_single_runs(
    config: ExecutionConfig, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    ohlcv = candles(rng, 60)
    every = [signals(rng, 60, config.size) for _ in range(5)]
    config = replace(config, on_bad_bar="raise", close_at_end="none")
    found = sweep(ohlcv, Calculated(len(every), every.__getitem__), config)

    assert_rows_agree(found, ohlcv, every, config)


def test_an_average_is_computed_once_for_each_length() -> None:
    asked = []

    def counted(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
        asked.append(length)
        return values

    crossings = Crossings.of(np.ones(9), counted, PAIRS)

    assert sorted(asked) == [2, 3, 5, 8, 13]
    assert len(crossings) == len(PAIRS)


def test_the_number_of_threads_changes_no_bit() -> None:
    ohlcv = candles(np.random.default_rng(2), 300)
    crossings = Crossings.of(ohlcv.close, mean, PAIRS)
    one = sweep(ohlcv, crossings, ExecutionConfig(), threads=1)
    four = sweep(ohlcv, crossings, ExecutionConfig(), threads=4)

    np.testing.assert_array_equal(one.rows, four.rows)


def test_daily_returns_are_kept_when_asked_for() -> None:
    ohlcv = candles(np.random.default_rng(3), 300)
    crossings = Crossings.of(ohlcv.close, mean, PAIRS)
    found = sweep(ohlcv, crossings, ExecutionConfig(), keep_daily=True)

    assert found.daily_returns is not None
    assert found.daily_returns.shape == (found.days, len(PAIRS))
    sharpe = found.daily_returns.mean(axis=0) / found.daily_returns.std(axis=0, ddof=1)
    np.testing.assert_allclose(found.rows["sharpe_day"], sharpe, rtol=1e-9)


def test_progress_is_told_and_can_stop_the_sweep() -> None:
    ohlcv = candles(np.random.default_rng(4), 50)
    crossings = Crossings.of(ohlcv.close, mean, PAIRS * 4)
    seen = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(ohlcv, crossings, ExecutionConfig(), progress=stop)
    assert seen[0][1] == len(PAIRS) * 4
    assert len(seen) == 2


def test_an_error_of_one_combination_stops_the_sweep() -> None:
    ohlcv = candles(np.random.default_rng(5), 20)
    config = ExecutionConfig(size_mode="risk_fraction", size=0.01)

    with pytest.raises(InvalidInput, match="size_mode"):
        sweep(ohlcv, Calculated(1, lambda _: Signals.of(20)), config)


def test_no_bars_cannot_be_swept() -> None:
    with pytest.raises(ValueError, match="at least one bar"):
        sweep(rows_of([]), Calculated(0, lambda _: Signals.of(0)), ExecutionConfig())
