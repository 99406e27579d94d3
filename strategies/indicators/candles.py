"""Candles made of other candles."""

from typing import NamedTuple

import numpy as np
import talib

from strategies.indicators.arrays import Floats, several


class Candles(NamedTuple):
    open: Floats
    high: Floats
    low: Floats
    close: Floats


def heikin_ashi(open_: Floats, high: Floats, low: Floats, close: Floats) -> Candles:
    """Return averaged candles; the first opens at the middle of its real body."""
    return Candles(*several(talib.HA, 4, 0, open_, high, low, close))


def typical_price(high: Floats, low: Floats, close: Floats) -> Floats:
    """Return the mean of the bar's three prices.

    It lies within the bar: a third of three times a price need not be that price, and
    a bar that stands still would be traded below or above its own mean.
    """
    return np.minimum(np.maximum((high + low + close) / 3, low), high)
