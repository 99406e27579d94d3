"""Sums over bar returns in two passes.

Every sum is kept in 64 partial sums over interleaved bars: the processor can work on
many at once, and the order of additions is fixed, so that every machine finds the same
bits. The partial sums are (sums, LANES), zero at the start, added up by the caller.
"""

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import kernel

LANES = 64


@kernel
def bar_returns(values: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Write ``values[t + 1] / values[t] - 1``; 0 where nothing was left to lose."""
    ruined = 0
    for i in range(len(out)):
        out[i] = values[i + 1] / values[i] - 1.0
        ruined += not values[i] > 0.0
    if ruined:
        for i in range(len(out)):
            if not values[i] > 0.0:
                out[i] = 0.0


@kernel
def first_sums(
    returns: NDArray[np.float64],
    benchmark: NDArray[np.float64],
    target: float,
    sums: NDArray[np.float64],
) -> None:
    """Sum (n,) returns, the benchmark's, gains, losses and squared losses.

    Gains and losses are counted from ``target``; losses are at most 0.
    """
    whole = len(returns) // LANES
    for block in range(whole + 1):
        start = block * LANES
        for lane in range(LANES if block < whole else len(returns) - start):
            x = returns[start + lane] - target
            low = min(x, 0.0)
            sums[0, lane] += returns[start + lane]
            sums[1, lane] += benchmark[start + lane]
            sums[2, lane] += max(x, 0.0)
            sums[3, lane] += low
            sums[4, lane] += low * low


@kernel
def central_sums(
    returns: NDArray[np.float64],
    benchmark: NDArray[np.float64],
    means: tuple[float, float],
    sums: NDArray[np.float64],
) -> None:
    """Sum powers 2, 3, 4 of (n,) deviations from the means, and products.

    After the powers: the benchmark's squares, the products of both, the squares of
    their difference.
    """
    mean, benchmark_mean = means
    whole = len(returns) // LANES
    for block in range(whole + 1):
        start = block * LANES
        for lane in range(LANES if block < whole else len(returns) - start):
            d = returns[start + lane] - mean
            e = benchmark[start + lane] - benchmark_mean
            square = d * d
            sums[0, lane] += square
            sums[1, lane] += square * d
            sums[2, lane] += square * square
            sums[3, lane] += e * e
            sums[4, lane] += d * e
            sums[5, lane] += (d - e) * (d - e)
