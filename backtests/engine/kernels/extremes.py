"""The highest and the lowest value of a range of bars."""

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import inlined

type Prices = NDArray[np.float64]


@inlined
def highest(values: Prices, k: int, start: int, end: int) -> float:
    """Return the highest value; four searches at once hide the wait for each other."""
    row = values[k, start:end]
    a = b = c = d = row[0]
    whole = len(row) // 4 * 4
    for i in range(0, whole, 4):
        a, b = max(a, row[i]), max(b, row[i + 1])
        c, d = max(c, row[i + 2]), max(d, row[i + 3])
    for i in range(whole, len(row)):
        a = max(a, row[i])
    return float(max(max(a, b), max(c, d)))


@inlined
def lowest(values: Prices, k: int, start: int, end: int) -> float:
    """Return the lowest value, in the same way."""
    row = values[k, start:end]
    a = b = c = d = row[0]
    whole = len(row) // 4 * 4
    for i in range(0, whole, 4):
        a, b = min(a, row[i]), min(b, row[i + 1])
        c, d = min(c, row[i + 2]), min(d, row[i + 3])
    for i in range(whole, len(row)):
        a = min(a, row[i])
    return float(min(min(a, b), min(c, d)))
