"""The stop and the target of every trade at every bar, worked out once more.

The run moves its levels and forgets them; whoever draws them asks here. The same
functions say where they lie, so that an exit at a level is an exit at the drawn one.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import inlined, kernel
from backtests.engine.kernels.intrabar import follow
from backtests.engine.kernels.levels import trail_level
from backtests.engine.kernels.opening import anchor_price, stop_level, target_level
from backtests.engine.kernels.types import DECISIONS, DEFERRED, UNTRADABLE, Run

type Prices = NDArray[np.float64]


@inlined
def signal_bar(run: Run, t: int) -> int:
    """Return the bar whose decision filled on bar t: the last one that could."""
    signal = t if run.params.same_close else t - 1
    while signal > 0 and not run.market.flags[0, signal] & DECISIONS:
        signal -= 1
    return signal


@inlined
def begin(run: Run, trade: Any, price: float) -> None:
    """Set the levels as they were when the trade was entered at ``price``."""
    position, t, side = run.book[0], trade.entry_bar, float(trade.side)
    signal = signal_bar(run, t)
    anchor = anchor_price(run, 0, t, signal, price)
    position.stop = stop_level(run, 0, signal, side, anchor)
    position.target = target_level(run, 0, signal, side, anchor)
    position.extreme = anchor
    position.trail = math.nan
    if run.market.trail.shape[1]:
        position.trail = run.market.trail[0, signal]


@inlined
def nearest_stop(run: Run, side: float) -> float:
    """Return the stop or the trail, whichever comes first; NaN without either."""
    position = run.book[0]
    trail = trail_level(run, 0, side, position.extreme)
    if not math.isnan(trail) and not side * position.stop >= side * trail:
        return trail
    return float(position.stop)


@kernel
def replay_levels(
    run: Run, trades: NDArray[Any], prices: Prices, stops: Prices, targets: Prices
) -> None:
    """Write the levels of each bar with a position to ``stops`` and ``targets`` (n,).

    ``prices`` holds the price at which each trade was first entered. Where one trade
    follows another on a bar, the later one is written. One instrument; the run's book
    is overwritten.
    """
    for i in range(len(trades)):
        trade = trades[i]
        begin(run, trade, prices[i])
        side = float(trade.side)
        # Entered at the close, a position meets its levels on the next bar.
        first = trade.entry_bar + (1 if run.params.same_close else 0)
        tested = first if run.params.stop_on_entry_bar else trade.entry_bar + 1
        for t in range(first, trade.exit_bar + 1):
            stops[t] = nearest_stop(run, side)
            targets[t] = run.book[0].target
            if t >= tested and not run.market.flags[0, t] & (UNTRADABLE | DEFERRED):
                follow(run, 0, t, side)
