"""The highest and the lowest value of a range of bars."""

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import inlined

type Prices = NDArray[np.float64]


@inlined
def highest(values: Prices, k: int, start: int, end: int) -> float:
    """Return the highest value; four searches at once hide the wait for each other."""
    a = b = c = d = values[k, start]
    whole = start + (end - start) // 4 * 4
    for i in range(start, whole, 4):
        a, b = max(a, values[k, i]), max(b, values[k, i + 1])
        c, d = max(c, values[k, i + 2]), max(d, values[k, i + 3])
    for i in range(whole, end):
        a = max(a, values[k, i])
    return float(max(max(a, b), max(c, d)))


@inlined
def lowest(values: Prices, k: int, start: int, end: int) -> float:
    a = b = c = d = values[k, start]
    whole = start + (end - start) // 4 * 4
    for i in range(start, whole, 4):
        a, b = min(a, values[k, i]), min(b, values[k, i + 1])
        c, d = min(c, values[k, i + 2]), min(d, values[k, i + 3])
    for i in range(whole, end):
        a = min(a, values[k, i])
    return float(min(min(a, b), min(c, d)))
