"""Sums over bar returns in two passes.

Every sum is kept in eight partial sums over interleaved bars: that shortens the chain
of additions eightfold, lets the processor work on several at once, and fixes the order
of additions, so that every machine finds the same bits.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import kernel

LANES = 8


class FirstSums(NamedTuple):
    """Sums that need no mean; ``losses`` is at most 0, ``downside`` of squares."""

    returns: float
    benchmark: float
    gains: float
    losses: float
    downside: float


class CentralSums(NamedTuple):
    """Sums of powers of deviations from the mean, and of products of two of them."""

    second: float
    third: float
    fourth: float
    benchmark: float
    product: float
    difference: float


@kernel
def bar_returns(values: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Write ``values[t + 1] / values[t] - 1``; 0 where nothing was left to lose."""
    lowest = 1.0
    for i in range(len(out)):
        out[i] = values[i + 1] / values[i] - 1.0
        lowest = min(lowest, values[i])
    if not lowest > 0.0:
        for i in range(len(out)):
            if not values[i] > 0.0:
                out[i] = 0.0


@kernel
def first_sums(
    returns: NDArray[np.float64], benchmark: NDArray[np.float64], target: float
) -> FirstSums:
    """Sum returns above and below ``target``; both arrays are (n,)."""
    sums = np.zeros((5, LANES))
    whole = len(returns) - len(returns) % LANES
    for start in range(0, whole, LANES):
        for lane in range(LANES):
            x = returns[start + lane] - target
            low = min(x, 0.0)
            sums[0, lane] += returns[start + lane]
            sums[1, lane] += benchmark[start + lane]
            sums[2, lane] += max(x, 0.0)
            sums[3, lane] += low
            sums[4, lane] += low * low
    for i in range(whole, len(returns)):
        x = returns[i] - target
        low = min(x, 0.0)
        sums[0, 0] += returns[i]
        sums[1, 0] += benchmark[i]
        sums[2, 0] += max(x, 0.0)
        sums[3, 0] += low
        sums[4, 0] += low * low
    total = [sums[row].sum() for row in range(5)]
    return FirstSums(total[0], total[1], total[2], total[3], total[4])


@kernel
def central_sums(
    returns: NDArray[np.float64],
    benchmark: NDArray[np.float64],
    mean: float,
    benchmark_mean: float,
) -> CentralSums:
    """Sum the powers of deviations; both arrays are (n,)."""
    sums = np.zeros((6, LANES))
    whole = len(returns) - len(returns) % LANES
    for start in range(0, whole, LANES):
        for lane in range(LANES):
            d = returns[start + lane] - mean
            e = benchmark[start + lane] - benchmark_mean
            square = d * d
            sums[0, lane] += square
            sums[1, lane] += square * d
            sums[2, lane] += square * square
            sums[3, lane] += e * e
            sums[4, lane] += d * e
            sums[5, lane] += (d - e) * (d - e)
    for i in range(whole, len(returns)):
        d, e = returns[i] - mean, benchmark[i] - benchmark_mean
        sums[0, 0] += d * d
        sums[1, 0] += d * d * d
        sums[2, 0] += d * d * (d * d)
        sums[3, 0] += e * e
        sums[4, 0] += d * e
        sums[5, 0] += (d - e) * (d - e)
    total = [sums[row].sum() for row in range(6)]
    return CentralSums(total[0], total[1], total[2], total[3], total[4], total[5])
