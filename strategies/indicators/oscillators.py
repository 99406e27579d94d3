"""Oscillators of candles, by TA-Lib."""

from functools import partial

import talib

from strategies.indicators.arrays import Floats, one


def cci(high: Floats, low: Floats, close: Floats, length: int) -> Floats:
    """Return Lambert's commodity channel index of the typical price.

    O(n w): the mean deviation from a moving mean has no running sum. 0 where the
    window is flat.
    """
    return one(partial(talib.CCI, timeperiod=length), length - 1, high, low, close)


def wpr(high: Floats, low: Floats, close: Floats, length: int) -> Floats:
    """Return Williams' percent range, -100 to 0; 0 where the window is flat."""
    return one(partial(talib.WILLR, timeperiod=length), length - 1, high, low, close)


def ao(high: Floats, low: Floats, fast: int, slow: int) -> Floats:
    """Return Williams' awesome oscillator: two averages of the bar's middle."""
    call = partial(talib.AO, fastperiod=fast, slowperiod=slow)
    return one(call, max(fast, slow) - 1, high, low)


def ultosc(
    high: Floats, low: Floats, close: Floats, short: int, middle: int, long: int
) -> Floats:
    """Return Williams' ultimate oscillator, 0 to 100, the shortest counting most."""
    call = partial(
        talib.ULTOSC, timeperiod1=short, timeperiod2=middle, timeperiod3=long
    )
    return one(call, max(short, middle, long), high, low, close)


def mfi(
    high: Floats, low: Floats, close: Floats, volume: Floats, length: int
) -> Floats:
    """Return the money flow index, 0 to 100; 0 where no money flowed."""
    call = partial(talib.MFI, timeperiod=length)
    return one(call, length, high, low, close, volume)
