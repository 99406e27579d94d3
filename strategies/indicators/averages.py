"""Moving averages, by TA-Lib: the first ``length - 1`` values are NaN or more."""

import math
from functools import partial

import numpy as np
import talib

from strategies.indicators.arrays import Floats, one
from strategies.indicators.extremes import highest


def sma(values: Floats, length: int) -> Floats:
    """Return the simple moving average."""
    return one(partial(talib.SMA, timeperiod=length), length - 1, values)


def ema(values: Floats, length: int) -> Floats:
    """Return the exponential moving average, seeded with the SMA of the first values.

    Other packages seed it with the first value alone and differ at the start.
    """
    return one(partial(talib.EMA, timeperiod=length), length - 1, values)


def rma(values: Floats, length: int) -> Floats:
    """Return Wilder's average, weight 1/length, seeded with the SMA."""
    return one(partial(talib.RMA, timeperiod=length), length - 1, values)


def wma(values: Floats, length: int) -> Floats:
    """Return the linearly weighted average: 1 for the oldest, length for the newest."""
    return one(partial(talib.WMA, timeperiod=length), length - 1, values)


def vwma(values: Floats, volume: Floats, length: int) -> Floats:
    """Return the average weighted by volume; NaN where the window has none."""
    average = one(partial(talib.VWMA, timeperiod=length), length - 1, values, volume)
    # What rounding leaves in TA-Lib's running sums would be divided by itself.
    return np.where(highest(volume, length) > 0, average, np.nan)


def hma(values: Floats, length: int) -> Floats:
    """Return Hull's average; half and root of the length are rounded down."""
    lookback = length - 1 + math.isqrt(length) - 1
    return one(partial(talib.HMA, timeperiod=length), lookback, values)


def dema(values: Floats, length: int) -> Floats:
    """Return the double exponential average, ``2 * (length - 1)`` NaN at the start."""
    return one(partial(talib.DEMA, timeperiod=length), 2 * (length - 1), values)


def tema(values: Floats, length: int) -> Floats:
    """Return the triple exponential average, ``3 * (length - 1)`` NaN at the start."""
    return one(partial(talib.TEMA, timeperiod=length), 3 * (length - 1), values)


def t3(values: Floats, length: int, factor: float = 0.7) -> Floats:
    """Return Tillson's average of six exponential averages in a chain."""
    call = partial(talib.T3, timeperiod=length, vfactor=factor)
    return one(call, 6 * (length - 1), values)


def trima(values: Floats, length: int) -> Floats:
    """Return the triangular average: a simple average of simple averages."""
    return one(partial(talib.TRIMA, timeperiod=length), length - 1, values)


def kama(values: Floats, length: int) -> Floats:
    """Return Kaufman's adaptive average, between an EMA of 2 and one of 30."""
    return one(partial(talib.KAMA, timeperiod=length), length, values)


def zlema(values: Floats, length: int) -> Floats:
    """Return the EMA of twice the value less the value ``(length - 1) // 2`` ago."""
    lookback = (length - 1) // 2 + length - 1
    return one(partial(talib.ZLEMA, timeperiod=length), lookback, values)
