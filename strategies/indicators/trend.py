"""Trend: where it goes, how strong it is, where it would end."""

from functools import partial
from typing import NamedTuple

import numpy as np
import talib

from strategies.indicators.arrays import Floats, one, several, shift
from strategies.indicators.extremes import (
    bars_since_highest,
    bars_since_lowest,
    middle,
)


class Supertrend(NamedTuple):
    line: Floats
    direction: Floats


class Directions(NamedTuple):
    plus: Floats
    minus: Floats


class Aroon(NamedTuple):
    up: Floats
    down: Floats


class Ichimoku(NamedTuple):
    conversion: Floats
    base: Floats
    span_a: Floats
    span_b: Floats


def supertrend(
    high: Floats, low: Floats, close: Floats, factor: float, length: int
) -> Supertrend:
    """Return the trailing line and the direction: 1 up, -1 down; it begins up."""

    def call(high: Floats, low: Floats, close: Floats) -> tuple[Floats, Floats]:
        line, trend = talib.SUPERTREND(high, low, close, length, factor)
        return line, np.where(np.isnan(line), np.nan, trend)

    return Supertrend(*several(call, 2, length, high, low, close))


def sar(
    high: Floats, low: Floats, start: float, increment: float, maximum: float
) -> Floats:
    """Return Wilder's parabolic stop-and-reverse level."""

    def call(high: Floats, low: Floats) -> Floats:
        steps = (start, increment, maximum)
        # Negative while short.
        return np.abs(talib.SAREXT(high, low, 0.0, 0.0, *steps, *steps))

    return one(call, 1, high, low)


def dmi(high: Floats, low: Floats, close: Floats, length: int) -> Directions:
    """Return Wilder's directional indicators, 0 to 100."""

    def call(high: Floats, low: Floats, close: Floats) -> tuple[Floats, Floats]:
        plus = talib.PLUS_DI(high, low, close, length)
        return plus, talib.MINUS_DI(high, low, close, length)

    return Directions(*several(call, 2, length, high, low, close))


def dx(high: Floats, low: Floats, close: Floats, length: int) -> Floats:
    """Return the directional movement index before it is averaged."""
    return one(partial(talib.DX, timeperiod=length), length, high, low, close)


def adx(high: Floats, low: Floats, close: Floats, length: int) -> Floats:
    """Return the average directional index: strength, 0 to 100, without direction."""
    return one(partial(talib.ADX, timeperiod=length), 2 * length - 1, high, low, close)


def adxr(high: Floats, low: Floats, close: Floats, length: int) -> Floats:
    """Return the mean of the average directional index and that of a length ago."""
    call = partial(talib.ADXR, timeperiod=length)
    return one(call, 3 * length - 2, high, low, close)


def aroon(high: Floats, low: Floats, length: int) -> Aroon:
    """Return how fresh the highest high and lowest low of length + 1 bars are.

    100 for one on the current bar, 0 for one at the window's start.
    """

    def call(high: Floats, low: Floats) -> tuple[Floats, Floats]:
        up = bars_since_highest(high, length + 1)
        down = bars_since_lowest(low, length + 1)
        return 100 * (length - up) / length, 100 * (length - down) / length

    return Aroon(*several(call, 2, length, high, low))


def vortex(high: Floats, low: Floats, close: Floats, length: int) -> Directions:
    """Return the vortex indicators of Botes and Siepman."""
    call = partial(talib.VORTEX, timeperiod=length)
    return Directions(*several(call, 2, length, high, low, close))


def ichimoku(
    high: Floats, low: Floats, lengths: tuple[int, int, int], displacement: int
) -> Ichimoku:
    """Return the lines and the cloud as they are drawn over the current bar.

    ``lengths`` are those of conversion, base and second span. The spans come from
    ``displacement`` bars ago. The lagging line would be the future, and is missing.
    """
    conversion, base, slow = (middle(high, low, length) for length in lengths)
    span_a = shift((conversion + base) / 2, displacement)
    return Ichimoku(conversion, base, span_a, shift(slow, displacement))
