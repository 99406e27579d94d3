"""Sums, deviations and relations of series."""

from functools import partial

import numpy as np
import talib

from strategies.indicators.arrays import Floats, one, ratio
from strategies.indicators.averages import sma
from strategies.indicators.volatility import stdev


def total(values: Floats, length: int) -> Floats:
    """Return the sum of the last ``length`` values."""
    # TA-Lib refuses a window of one value, which is its own sum.
    call = partial(talib.SUM, timeperiod=length) if length > 1 else np.copy
    return one(call, length - 1, values)


def running_total(values: Floats) -> Floats:
    """Return the sum since the start; an undefined value adds nothing.

    NaN before the first defined value.
    """
    finite = np.isfinite(values)
    sums = np.cumsum(np.where(finite, values, 0.0))
    return np.where(np.logical_or.accumulate(finite), sums, np.nan)


def zscore(values: Floats, length: int) -> Floats:
    """Return the distance from the average in deviations; NaN where there is none."""
    return ratio(values - sma(values, length), stdev(values, length))


def correlation(a: Floats, b: Floats, length: int) -> Floats:
    """Return Pearson's correlation of values; 0 where one of them is flat."""
    return one(partial(talib.CORREL, timeperiod=length), length - 1, a, b)


def beta(values: Floats, benchmark: Floats, length: int) -> Floats:
    """Return how far ``values`` move, relatively, when ``benchmark`` does.

    The slope of the last ``length`` bar-to-bar changes; 0 where the benchmark is flat.
    """
    # TA-Lib takes what explains first, and what is explained second.
    return one(partial(talib.BETA, timeperiod=length), length, benchmark, values)
