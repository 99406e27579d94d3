"""How much prices move, by TA-Lib."""

from functools import partial

import numpy as np
import talib

from strategies.indicators.arrays import Floats, one
from strategies.indicators.extremes import highest, lowest


def true_range(high: Floats, low: Floats, close: Floats) -> Floats:
    """Return the bar's range, widened to the close before; NaN on the first bar."""
    return one(talib.TRANGE, 1, high, low, close)


def atr(high: Floats, low: Floats, close: Floats, length: int) -> Floats:
    """Return Wilder's average of the true range; ``length`` NaN at the start."""
    return one(partial(talib.ATR, timeperiod=length), length, high, low, close)


def natr(high: Floats, low: Floats, close: Floats, length: int) -> Floats:
    """Return the average true range in percent of the close."""
    return one(partial(talib.NATR, timeperiod=length), length, high, low, close)


def stdev(values: Floats, length: int) -> Floats:
    """Return the standard deviation of the population: divided by n, not n - 1."""
    return one(partial(talib.STDDEV, timeperiod=length), length - 1, values)


def variance(values: Floats, length: int) -> Floats:
    """Return the variance of the population: divided by n, not n - 1."""
    return one(partial(talib.VAR, timeperiod=length), length - 1, values)


def choppiness(high: Floats, low: Floats, close: Floats, length: int) -> Floats:
    """Return Dreiss' choppiness index: 0 for a straight line, 100 for no progress.

    NaN where the window has no range.
    """

    def call(high: Floats, low: Floats, close: Floats) -> Floats:
        ranges = talib.TRANGE(high, low, close)
        path = talib.SUM(ranges, timeperiod=length)
        width = highest(high, length) - lowest(low, length)
        ratio = np.full(len(close), np.nan)
        np.divide(path, width, out=ratio, where=(width > 0) & (path > 0))
        index: Floats = 100 * np.log10(ratio) / np.log10(length)
        return index

    return one(call, length, high, low, close)
