"""Candles made of other candles."""

from typing import NamedTuple

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
