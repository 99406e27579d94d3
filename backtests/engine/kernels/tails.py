"""Order statistics of long series without sorting them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import kernel
from backtests.engine.kernels.moments import LANES


class Bracket(NamedTuple):
    """Two values between which an order statistic is expected."""

    low: float
    high: float


class Found(NamedTuple):
    """How many values are below, at either end of, and inside a bracket."""

    below: int
    at_low: int
    inside: int
    at_high: int


@kernel
def gather(
    values: NDArray[np.float64],
    bracket: Bracket,
    out: NDArray[np.float64],
    sums: NDArray[np.float64],
) -> Found:
    """Copy the values strictly inside the bracket to ``out``, as many as it holds.

    The values below are added to the partial ``sums`` (LANES,). Ties with an end, such
    as the zeros of a strategy that is seldom in the market, are only counted. Nothing
    here branches on a value: returns are too random for a guess to be right.
    """
    low, high = bracket
    below, at_low, inside, at_high = 0, 0, 0, 0
    whole = len(values) // LANES
    for block in range(whole + 1):
        start = block * LANES
        for lane in range(LANES if block < whole else len(values) - start):
            value = values[start + lane]
            sums[lane] += value if value < low else 0.0
            below += value < low
            at_low += value == low
            at_high += value == high
    last = len(out) - 1
    for value in values:
        out[min(inside, last)] = value
        inside += (value > low) & (value < high)
    # The last place took whatever came after the room was full: not worth keeping.
    return Found(below, at_low, inside, at_high)


@kernel
def count_gaps(time: NDArray[np.int64], gap: int) -> int:
    """Return how many successive times are ``gap`` apart."""
    count = 0
    for i in range(1, len(time)):
        count += time[i] - time[i - 1] == gap
    return count
