"""Runs small enough to read: candles as rows of prices, signals as bar numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from backtests.engine import REASONS, ExecutionConfig, SimulationResult, simulate
from backtests.engine.market import Funding
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals

DAY_MS = 86_400_000

type Row = tuple[float, float, float, float]


def candles(rows: Sequence[Row], volume: Sequence[float] | None = None) -> Ohlcv:
    """Build daily candles from rows of open, high, low, close; they must be sane."""
    table = np.array(rows, np.float64).reshape(-1, 4)
    opened, high, low, close = table.T
    known = ~np.isnan(table).any(axis=1)
    assert (low <= np.minimum(opened, close))[known].all()
    assert (high >= np.maximum(opened, close))[known].all()
    volumes = np.ones(len(table)) if volume is None else np.array(volume, np.float64)
    time = np.arange(len(table)) * DAY_MS
    return Ohlcv(time, opened, high, low, close, volumes)


def signals(bars: int, **at: Sequence[int]) -> Signals:
    """Build signals from the bars on which each is true."""
    masks = {}
    for name, positions in at.items():
        mask = np.zeros(bars, np.bool_)
        mask[list(positions)] = True
        masks[name] = mask
    return Signals.of(bars, **masks)


def free(**fields: Any) -> ExecutionConfig:
    """Return a config without costs that buys one unit, changed by ``fields``."""
    plain: dict[str, Any] = {
        "initial_capital": 1000.0,
        "fee_rate": 0.0,
        "slippage": 0.0,
        "size_mode": "units",
        "size": 1.0,
    }
    return ExecutionConfig(**(plain | fields))


def play(
    rows: Sequence[Row],
    config: ExecutionConfig,
    funding: Funding | None = None,
    volume: Sequence[float] | None = None,
    **at: Sequence[int],
) -> SimulationResult:
    """Run the rows with signals at the named bars."""
    ohlcv = candles(rows, volume)
    return simulate(ohlcv, signals(len(ohlcv), **at), config, funding)


def exits(result: SimulationResult) -> list[tuple[int, Any, str]]:
    """Return (bar, price, reason) of every closed trade."""
    return [
        (int(t["exit_bar"]), float(t["exit_price"]), REASONS[t["exit_reason"]])
        for t in result.trades
    ]
