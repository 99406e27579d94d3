"""The highest and lowest of the last values, and how long ago they were."""

from functools import partial

import numpy as np
import talib
from numba import njit

from strategies.indicators.arrays import Floats, one


def highest(values: Floats, length: int) -> Floats:
    """Return the highest of the last ``length`` values, the current one included."""
    # TA-Lib refuses a window of one value, which is its own extreme.
    call = partial(talib.MAX, timeperiod=length) if length > 1 else np.copy
    return one(call, length - 1, values)


def lowest(values: Floats, length: int) -> Floats:
    """Return the lowest of the last ``length`` values, the current one included."""
    call = partial(talib.MIN, timeperiod=length) if length > 1 else np.copy
    return one(call, length - 1, values)


def middle(high: Floats, low: Floats, length: int) -> Floats:
    """Return the middle between the highest high and the lowest low."""
    return (highest(high, length) + lowest(low, length)) / 2


def bars_since_highest(values: Floats, length: int) -> Floats:
    """Return how many bars ago the window's highest was; of equals the latest."""
    return one(lambda run: _bars_since_highest(run, length), length - 1, values)


def bars_since_lowest(values: Floats, length: int) -> Floats:
    """Return how many bars ago the window's lowest was; of equals the latest."""
    return bars_since_highest(-values, length)


@njit(cache=True, nogil=True)
def _bars_since_highest(values: Floats, length: int) -> Floats:
    """O(n): the deque holds the bars that can still become a window's highest.

    TA-Lib's MAXINDEX looks at the whole window again whenever its highest leaves it.
    """
    bars = len(values)
    result = np.full(bars, np.nan)
    deque = np.empty(bars, np.int64)
    front = back = 0
    for bar in range(bars):
        while back > front and values[deque[back - 1]] <= values[bar]:
            back -= 1
        deque[back] = bar
        back += 1
        if deque[front] <= bar - length:
            front += 1
        if bar >= length - 1:
            result[bar] = bar - deque[front]
    return result
