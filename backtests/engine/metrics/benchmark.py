"""Buy and hold with the same costs: what the run has to beat."""

import math

import numpy as np
from numpy.typing import NDArray

from backtests.engine.config import ExecutionConfig
from backtests.engine.metrics.returns import Values, power
from marketdata.ohlcv import Ohlcv


def benchmark_of(
    config: ExecutionConfig, ohlcv: Ohlcv, periods: float, max_drawdown: float
) -> Values:
    """Return what buying at the first possible fill and holding would have made.

    All the capital, no leverage, the run's fee, slippage and fill rule, lots ignored;
    the last close counts without exit costs. ``max_drawdown`` is that of the closes.
    """
    first = 1 if config.fill == "next_open" else 0
    if len(ohlcv) <= first:
        total = math.nan
    else:
        prices: NDArray[np.float64] = ohlcv.open if first else ohlcv.close
        price = float(prices[first])
        price *= 1 + config.slippage + config.entry_slippage
        capital = config.initial_capital
        units = (capital - config.fixed_fee) / (price * (1 + config.fee_rate))
        total = units * float(ohlcv.close[-1]) / capital - 1
    count = len(ohlcv) - 1
    return {
        "benchmark_return": total,
        "benchmark_annual_return": power(1 + total, periods / count) - 1
        if count > 0
        else math.nan,
        "benchmark_max_drawdown": max_drawdown,
    }
