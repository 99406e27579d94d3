"""How far each trade went against and for its holder (MAE, MFE), and the exposure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import inlined, kernel
from backtests.engine.kernels.types import (
    BANKRUPT,
    END,
    END_LAST_OPEN,
    ENTRY,
    OPEN,
    SIGNAL,
    STOP,
    TARGET,
    TRAIL,
    Run,
)

type Prices = NDArray[np.float64]


@inlined
def held_to_close(run: Run, reason: int) -> bool:
    """Say whether a trade saw the whole of its last bar."""
    params = run.params
    if reason == SIGNAL:
        return params.same_close
    if reason == END:
        return params.at_end != END_LAST_OPEN
    if reason in (STOP, TARGET, TRAIL):
        return params.exit_at_close
    return reason in (BANKRUPT, OPEN)


@inlined
def widen(lows: Prices, highs: Prices, low: float, high: float) -> tuple[float, float]:
    """Return the extremes including those of the bars; a missing price is none."""
    for i in range(len(lows)):
        low = lows[i] if lows[i] < low else low
        high = highs[i] if highs[i] > high else high
    return low, high


@inlined
def measure_excursion(run: Run, trade: Any) -> None:
    """Set ``mae`` and ``mfe``: extremes while held, as fractions of the entry price.

    Counted are the bars held in full, the open of the exit bar, and the exit itself; of
    a bar left inside, nothing says whether its extremes came before the exit.
    """
    market, k = run.market, trade.instrument
    entry = trade.entry_price
    first = trade.entry_bar + (1 if run.params.same_close else 0)
    until = trade.exit_bar + (1 if held_to_close(run, trade.exit_reason) else 0)
    low, high = min(entry, trade.exit_price), max(entry, trade.exit_price)
    if until > first:
        low, high = widen(
            market.low[k, first:until], market.high[k, first:until], low, high
        )
    if until == trade.exit_bar > trade.entry_bar:
        opened = market.open[k, until]
        if opened < low:
            low = opened
        if opened > high:
            high = opened
    up, down = (high - entry) / entry, (low - entry) / entry
    trade.mfe = up if trade.side > 0 else -down
    trade.mae = down if trade.side > 0 else -up


@kernel
def measure_excursions(run: Run, count: int) -> None:
    """Fill in ``mae`` and ``mfe`` of the first ``count`` trades."""
    for i in range(count):
        measure_excursion(run, run.trades[i])


@kernel
def replay_positions(fills: NDArray[Any], out: NDArray[np.float64]) -> None:
    """Write each instrument's signed quantity at every close to ``out`` (K, n)."""
    count, bars = out.shape
    for k in range(count):
        q, done = 0.0, 0
        for fill in fills:
            if fill.instrument != k:
                continue
            out[k, done : fill.bar] = q
            done = fill.bar
            q = q + fill.side * fill.size if fill.reason == ENTRY else 0.0
        out[k, done:bars] = q


@kernel
def gross_exposure(run: Run) -> float:
    """Return the mean over bars of the positions' value as a fraction of equity."""
    equity, total = run.equity, 0.0
    fills = run.fills[: run.account[0].fills]
    for k in range(len(run.book)):
        q, done, mark = 0.0, 0, 0.0
        for n in range(len(fills) + 1):
            bar = len(equity) if n == len(fills) else fills[n].bar
            if n < len(fills) and fills[n].instrument != k:
                continue
            if q != 0.0:
                for i in range(done, bar):
                    close = run.market.close[k, i]
                    mark = close if close > 0.0 else mark
                    total += abs(q) * mark / equity[i]
            done = bar
            if n < len(fills):
                entered = fills[n].reason == ENTRY
                q = q + fills[n].side * fills[n].size if entered else 0.0
    return total / max(len(equity), 1)
