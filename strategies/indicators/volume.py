"""Volume: who pushes, and how hard."""

from functools import partial

import numpy as np
import talib

from strategies.indicators.arrays import Floats, one


def obv(close: Floats, volume: Floats) -> Floats:
    """Return the on-balance volume; it begins at the first bar's volume, not at 0."""
    return one(talib.OBV, 0, close, volume)


def ad(high: Floats, low: Floats, close: Floats, volume: Floats) -> Floats:
    """Return Chaikin's accumulation and distribution line."""
    return one(talib.AD, 0, high, low, close, volume)


def adosc(
    high: Floats, low: Floats, close: Floats, volume: Floats, fast: int, slow: int
) -> Floats:
    """Return Chaikin's oscillator: the difference of two averages of that line."""
    call = partial(talib.ADOSC, fastperiod=fast, slowperiod=slow)
    return one(call, max(fast, slow) - 1, high, low, close, volume)


def cmf(
    high: Floats, low: Floats, close: Floats, volume: Floats, length: int
) -> Floats:
    """Return Chaikin's money flow, -1 to 1; 0 where the window has no volume."""
    call = partial(talib.CMF, timeperiod=length)
    return one(call, length - 1, high, low, close, volume)


def pvt(close: Floats, volume: Floats) -> Floats:
    """Return the price-volume trend, which begins at 0."""
    return one(talib.PVT, 0, close, volume)


def force_index(close: Floats, volume: Floats, length: int) -> Floats:
    """Return Elder's force index: the average of change times volume."""
    return one(partial(talib.EFI, timeperiod=length), length, close, volume)


def ease_of_movement(high: Floats, low: Floats, volume: Floats, length: int) -> Floats:
    """Return Arms' ease of movement times 10,000, averaged over ``length`` bars.

    A bar without volume counts as no movement.
    """

    def call(high: Floats, low: Floats, volume: Floats) -> Floats:
        centre = (high + low) / 2
        moved = np.diff(centre, prepend=np.nan) * (high - low) * 10_000
        ease = np.zeros(len(volume))
        np.divide(moved, volume, out=ease, where=volume != 0)
        ease[0] = np.nan
        return talib.SMA(ease, timeperiod=length)

    return one(call, length, high, low, volume)


def vwap(high: Floats, low: Floats, close: Floats, volume: Floats) -> Floats:
    """Return the volume-weighted average price since the first bar, never reset."""
    return one(talib.VWAP, 0, high, low, close, volume)
