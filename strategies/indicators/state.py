"""What a strategy remembers between resets."""

import numpy as np
from numba import njit

from strategies.indicators.arrays import Bools, Floats, column, flags, ratio
from strategies.indicators.runs import valuewhen

SINCE_MODES = ("max", "min", "sum", "first", "count", "mean")


def latch(set_: Bools, reset: Bools) -> Bools:
    """Return true from a bar of ``set_`` until one of ``reset``, which wins a tie."""
    bars = np.arange(1, len(set_) + 1)
    last_set = np.maximum.accumulate(np.where(set_, bars, 0))
    last_reset = np.maximum.accumulate(np.where(reset, bars, 0))
    held: Bools = last_set > last_reset
    return held


def since(reset: Bools, mode: str, values: Floats) -> Floats:
    """Return a statistic of the values since the last bar of ``reset``, inclusive.

    NaN before the first reset. Undefined values are left out; ``first`` is the value
    on the bar of the reset itself, ``count`` counts the defined ones, ``max``, ``min``
    and ``mean`` of none are NaN, ``sum`` of none is 0.
    """
    if mode == "first":
        return valuewhen(reset, values, 0)
    if mode in ("max", "min"):
        extreme = ratchet(values, "up" if mode == "max" else "down", reset)
        return np.where(np.logical_or.accumulate(reset), extreme, np.nan)
    total, count = _total_since(flags(reset), column(values))
    if mode == "mean":
        return ratio(total, count)
    return total if mode == "sum" else count


def ratchet(values: Floats, direction: str, reset: Bools) -> Floats:
    """Return the running maximum ("up") or minimum ("down"), restarted at a reset.

    It starts on the first bar without a reset. An undefined or infinite value leaves it
    where it was; after a reset it is NaN until a value is defined.
    """
    if direction == "down":
        return -ratchet(-values, "up", reset)
    return _ratchet(column(values), flags(reset))


@njit(cache=True, nogil=True)
def _total_since(reset: Bools, values: Floats) -> tuple[Floats, Floats]:
    bars = len(values)
    total, count = np.full(bars, np.nan), np.full(bars, np.nan)
    for bar in range(bars):
        if reset[bar]:
            total[bar] = count[bar] = 0.0
        elif bar > 0:
            # Before the first reset both stay NaN.
            total[bar], count[bar] = total[bar - 1], count[bar - 1]
        if np.isfinite(values[bar]):
            total[bar] += values[bar]
            count[bar] += 1
    return total, count


@njit(cache=True, nogil=True)
def _ratchet(values: Floats, reset: Bools) -> Floats:
    result = np.empty(len(values))
    level = np.nan
    for bar in range(len(values)):
        if reset[bar]:
            level = np.nan
        value = values[bar]
        if np.isfinite(value) and not value <= level:
            level = value
        result[bar] = level
    return result
