"""Load every kernel before the first job, in the process that will fork workers."""

import numpy as np
from numpy.typing import NDArray

from backtests.engine.config import ExecutionConfig
from backtests.engine.kernels.excursions import replay_positions
from backtests.engine.levels import order_levels
from backtests.engine.metrics.measuring import measure
from backtests.engine.metrics.tables import drawdown_table
from backtests.engine.simulation import simulate
from backtests.engine.sweep import Calculated, Crossings, sweep
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals


def warm_up() -> None:
    """Compile, or load from the disk cache, every kernel with the types of real calls.

    Call it once before forking: the children inherit the machine code. Takes the time
    of a compilation when the cache is cold, about half a second when it is warm.
    """
    bars = 8
    prices = np.linspace(100.0, 101.0, bars)
    time = np.arange(bars) * 86_400_000
    ohlcv = Ohlcv(time, prices, prices + 1, prices - 1, prices, prices)
    entries = np.zeros(bars, np.bool_)
    entries[::4] = True
    signals = Signals.of(bars, enter_long=entries, exit_long=np.roll(entries, 2))
    result = simulate(ohlcv, signals, ExecutionConfig(stop_loss=0.1))
    order_levels(result, ohlcv, signals)
    measure(result, ohlcv)
    sweep(ohlcv, Crossings.of(prices, _line, [(1, 2)]), ExecutionConfig())
    sweep(ohlcv, Calculated(1, lambda _: signals), ExecutionConfig())
    drawdown_table(result.time, result.equity)
    replay_positions(result.fills, np.empty((1, bars)))


def _line(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    return values / length
