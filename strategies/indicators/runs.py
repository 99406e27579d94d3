"""How long something has been going on, or is over."""

import numpy as np

from strategies.indicators.arrays import Bools, Floats


def streak(condition: Bools) -> Floats:
    """Return how many bars in a row the condition has been true, 0 where it is not."""
    bars = np.arange(1, len(condition) + 1)
    last_false = np.maximum.accumulate(np.where(condition, 0, bars))
    return (bars - last_false).astype(np.float64)


def rising(values: Floats, length: int) -> Bools:
    """Return where each of the last ``length`` changes was upwards."""
    up = np.zeros(len(values), dtype=np.bool_)
    up[1:] = values[1:] > values[:-1]
    longer: Bools = streak(up) >= length
    return longer


def falling(values: Floats, length: int) -> Bools:
    """Return where each of the last ``length`` changes was downwards."""
    return rising(-values, length)


def change(values: Floats, length: int) -> Floats:
    """Return the difference from ``length`` bars ago."""
    result = np.full(len(values), np.nan)
    result[length:] = values[length:] - values[: max(len(values) - length, 0)]
    return result


def barssince(condition: Bools) -> Floats:
    """Return the bars since the condition was true, 0 on such a bar, NaN before."""
    bars = np.arange(len(condition))
    last_true = np.maximum.accumulate(np.where(condition, bars, -1))
    return np.where(last_true < 0, np.nan, bars - last_true)


def valuewhen(condition: Bools, values: Floats, occurrence: int) -> Floats:
    """Return the value at the last true bar, or at the ``occurrence``-th before it.

    0 is the last one, the current bar included; NaN until there were so many.
    """
    places = np.flatnonzero(condition)
    latest = np.cumsum(condition) - 1 - occurrence
    result = np.full(len(values), np.nan)
    known = latest >= 0
    result[known] = values[places[latest[known]]]
    return result
