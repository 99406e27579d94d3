"""Buy and hold with the same costs: what the run has to beat."""

import math

import numpy as np
from numpy.typing import NDArray

from backtests.engine.config import ExecutionConfig
from backtests.engine.metrics.returns import Values, power
from marketdata.ohlcv import Ohlcv


def benchmark_equity(
    config: ExecutionConfig, ohlcv: Ohlcv, at: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Return what the account would hold at each close (or those of the bars ``at``).

    All the capital, no leverage, the run's fee, slippage and fill rule, lots ignored;
    closes count without exit costs. Before the first possible fill it is the capital.
    """
    first, units = _bought(config, ohlcv)
    if at is None:
        curve: NDArray[np.float64] = units * ohlcv.close
        curve[:first] = config.initial_capital
        return curve
    return np.where(at < first, config.initial_capital, units * ohlcv.close[at])


def benchmark_of(
    config: ExecutionConfig, ohlcv: Ohlcv, periods: float, max_drawdown: float
) -> Values:
    """Return what buying at the first possible fill and holding would have made.

    ``max_drawdown`` is that of the closes; see ``benchmark_equity``.
    """
    first, units = _bought(config, ohlcv)
    total = math.nan
    if len(ohlcv) > first:
        total = units * float(ohlcv.close[-1]) / config.initial_capital - 1
    count = len(ohlcv) - 1
    return {
        "benchmark_return": total,
        "benchmark_annual_return": power(1 + total, periods / count) - 1
        if count > 0
        else math.nan,
        "benchmark_max_drawdown": max_drawdown,
    }


def _bought(config: ExecutionConfig, ohlcv: Ohlcv) -> tuple[int, float]:
    """Return the bar of the first possible fill, and how much it buys there."""
    first = 1 if config.fill == "next_open" else 0
    if len(ohlcv) <= first:
        return first, math.nan
    prices: NDArray[np.float64] = ohlcv.open if first else ohlcv.close
    price = float(prices[first]) * (1 + config.slippage + config.entry_slippage)
    capital = config.initial_capital - config.fixed_fee
    return first, capital / (price * (1 + config.fee_rate))
