"""Least-squares lines through the last values, by TA-Lib."""

from functools import partial

import talib

from strategies.indicators.arrays import Floats, one


def linreg(values: Floats, length: int, offset: int = 0) -> Floats:
    """Return the line's value ``offset`` bars ago; 0 is its end at the current bar."""
    end = one(partial(talib.LINEARREG, timeperiod=length), length - 1, values)
    return end - offset * slope(values, length) if offset else end


def slope(values: Floats, length: int) -> Floats:
    """Return the line's rise per bar."""
    return one(partial(talib.LINEARREG_SLOPE, timeperiod=length), length - 1, values)


def intercept(values: Floats, length: int) -> Floats:
    """Return the line's value at the window's first bar."""
    call = partial(talib.LINEARREG_INTERCEPT, timeperiod=length)
    return one(call, length - 1, values)


def forecast(values: Floats, length: int) -> Floats:
    """Return the line's value one bar ahead of the data."""
    return one(partial(talib.TSF, timeperiod=length), length - 1, values)
