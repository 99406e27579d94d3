"""Order statistics of long arrays without sorting them."""

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import kernel


@kernel
def gather(
    values: NDArray[np.float64], low: float, high: float, out: NDArray[np.float64]
) -> tuple[int, float, int]:
    """Copy the values in [low, high] to ``out`` (n,).

    Return how many are below ``low``, their sum, and how many were copied.
    """
    below, total, count = 0, 0.0, 0
    for value in values:
        if value < low:
            below += 1
            total += value
        elif value <= high:
            out[count] = value
            count += 1
    return below, total, count


@kernel
def day_ends(time: NDArray[np.int64], day_ms: int, out: NDArray[np.int64]) -> int:
    """Write the last bar of each UTC day to ``out`` (n,); return their number."""
    count = 0
    last = len(time) - 1
    end = -1
    for i in range(len(time)):
        if time[i] >= end:
            if i > 0:
                out[count] = i - 1
                count += 1
            end = (time[i] // day_ms + 1) * day_ms
    if last >= 0:
        out[count] = last
        count += 1
    return count
