"""Drawdowns: equity against its highest value so far."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import inlined, kernel

BLOCK = 32


class DrawdownSums(NamedTuple):
    """What one pass finds; times in the unit of ``time``, depths at most 0."""

    deepest: float
    squares: float
    equity: float
    periods: int
    depth_sum: float
    duration_sum: int
    longest: int


@kernel
def drawdown_sums(time: NDArray[np.int64], equity: NDArray[np.float64]) -> DrawdownSums:
    """Walk the drawdown periods of ``equity`` (n,), n at least 1.

    A period runs from a bar at the peak to the next one, or to the last bar, when they
    are more than one bar apart. Durations are measured on the clock.
    """
    peak = equity[0]
    start, depth = 0, 0.0
    deepest = squares = total = depth_sum = 0.0
    periods, duration_sum, longest = 0, 0, 0
    last = len(equity) - 1
    for i in range(len(equity)):
        value = equity[i]
        total += value
        if value >= peak:
            peak = value
        else:
            drawdown = value / peak - 1.0
            squares += drawdown * drawdown
            depth = min(depth, drawdown)
            if i < last:
                continue
        if i > start + 1:
            periods += 1
            depth_sum += depth
            duration = time[i] - time[start]
            duration_sum += duration
            longest = max(longest, duration)
        deepest = min(deepest, depth)
        start, depth = i, 0.0
    return DrawdownSums(
        deepest, squares, total, periods, depth_sum, duration_sum, longest
    )


@inlined
def find_deepest(values: NDArray[np.float64]) -> float:
    """Return the maximum drawdown of ``values`` (n,), n at least 1.

    Only the lowest value below each peak is divided, when the next peak comes, and a
    block that sets neither a new peak nor a new low is passed over.
    """
    peak = lowest = values[0]
    deepest = 0.0
    for start in range(0, len(values), BLOCK):
        block = values[start : start + BLOCK]
        notable = 0
        for i in range(len(block)):
            notable += (block[i] > peak) | (block[i] < lowest)
        if not notable:
            continue
        for value in block:
            if value > peak:
                if lowest < peak:
                    deepest = min(deepest, lowest / peak - 1.0)
                peak = lowest = value
            elif value < lowest:
                lowest = value
    return min(deepest, lowest / peak - 1.0) if lowest < peak else deepest


@kernel
def deepest_drawdown(values: NDArray[np.float64]) -> float:
    """Return ``find_deepest``, called from outside."""
    return find_deepest(values)


@kernel
def drawdown_periods(equity: NDArray[np.float64], out: NDArray[np.int64]) -> int:
    """Write (peak bar, deepest bar, end bar) of each period; return their number.

    ``out`` is (n, 3). The end is the bar of recovery, or the last bar.
    """
    peak, start, bottom, count = equity[0], 0, 0, 0
    last = len(equity) - 1
    for i in range(len(equity)):
        if equity[i] < peak:
            if bottom == start or equity[i] < equity[bottom]:
                bottom = i
            if i < last:
                continue
        if i > start + 1:
            out[count, 0], out[count, 1], out[count, 2] = start, bottom, i
            count += 1
        peak, start, bottom = max(peak, equity[i]), i, i
    return count
