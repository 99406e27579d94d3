"""Channels round the price."""

from functools import partial
from typing import NamedTuple

import talib

from strategies.indicators.arrays import Floats, ratio, several
from strategies.indicators.extremes import highest, lowest


class Bands(NamedTuple):
    upper: Floats
    middle: Floats
    lower: Floats


def bollinger(values: Floats, length: int, multiplier: float) -> Bands:
    """Return the simple average and so many population deviations on either side."""
    call = partial(
        talib.BBANDS, timeperiod=length, nbdevup=multiplier, nbdevdn=multiplier
    )
    return Bands(*several(call, 3, length - 1, values))


def bollinger_width(values: Floats, length: int, multiplier: float) -> Floats:
    """Return the distance of the bands as a fraction of their middle."""
    upper, middle, lower = bollinger(values, length, multiplier)
    return ratio(upper - lower, middle)


def keltner(
    high: Floats,
    low: Floats,
    close: Floats,
    length: int,
    multiplier: float,
    atr_length: int,
) -> Bands:
    """Return the typical price's EMA and so many average true ranges beside it.

    The average true range begins on the first bar of the output and differs there
    from ``atr``.
    """
    call = partial(talib.KC, timeperiod=length, atrperiod=atr_length, nbdev=multiplier)
    return Bands(*several(call, 3, max(length - 1, atr_length), high, low, close))


def donchian(high: Floats, low: Floats, length: int) -> Bands:
    """Return the highest high, the middle and the lowest low, current bar included."""
    # TA-Lib's DONCHIAN looks at the whole window again when its extreme leaves it.
    upper, lower = highest(high, length), lowest(low, length)
    return Bands(upper, (upper + lower) / 2, lower)
