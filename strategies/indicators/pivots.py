"""Turning points, reported when they are known and not when they happened."""

import numpy as np

from strategies.indicators.arrays import Floats, one
from strategies.indicators.extremes import highest


def pivot_high(values: Floats, left: int, right: int) -> Floats:
    """Return the value of ``right`` bars ago where that was a peak, else NaN.

    A peak is above the ``left`` values before it and not below the ``right`` values
    after it, so that of a flat top the first bar is the peak.
    """

    def call(run: Floats) -> Floats:
        peak = run[left : len(run) - right]
        before = highest(run, left)[left - 1 : len(run) - right - 1]
        after = highest(run, right)[left + right :]
        result = np.full(len(run), np.nan)
        result[left + right :] = np.where(
            (peak > before) & (peak >= after), peak, np.nan
        )
        return result

    return one(call, left + right, values)


def pivot_low(values: Floats, left: int, right: int) -> Floats:
    """Return the value of ``right`` bars ago where that was a trough, else NaN."""
    return -pivot_high(-values, left, right)
