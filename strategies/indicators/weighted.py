"""Averages with fixed weights, which TA-Lib lacks."""

import numpy as np
from numba import njit

from strategies.indicators.arrays import Floats, column, one

# Bars whose partial sums stay in the first-level cache while all weights pass by.
BLOCK = 2048


def swma(values: Floats) -> Floats:
    """Return the average of the last four values, weighted 1, 2, 2, 1."""
    weights = column(np.array([1.0, 2.0, 2.0, 1.0]) / 6)
    return one(lambda run: _weighted(run, weights), 3, values)


def alma(values: Floats, length: int, offset: float, sigma: float) -> Floats:
    """Return the average under a bell curve, after Arnaud Legoux and Dimitris Kouzis.

    The bell's middle lies at ``offset`` of the window, 0 its oldest and 1 its newest
    bar; its width is ``length / sigma`` bars.
    """
    distance = np.arange(length) - offset * (length - 1)
    bell = np.exp(-np.square(distance * sigma / length) / 2)
    # A bell between two bars can be so narrow that every weight is zero.
    total = bell.sum()
    if total == 0:
        bell[round(offset * (length - 1))] = total = 1.0
    weights = column(bell / total)
    return one(lambda run: _weighted(run, weights), length - 1, values)


@njit(cache=True, nogil=True)
def _weighted(values: Floats, weights: Floats) -> Floats:
    """Return the sum of the last values, each times its weight, the oldest first.

    O(n w). The outer loop runs over weights, so that the inner one has independent
    sums to do at once; each sum still adds up in the same order for any length.
    """
    bars, length = len(values), len(weights)
    result = np.zeros(bars)
    result[: length - 1] = np.nan
    for start in range(length - 1, bars, BLOCK):
        stop = min(start + BLOCK, bars)
        for k in range(length):
            weight = weights[k]
            behind = length - 1 - k
            for bar in range(start, stop):
                result[bar] += weight * values[bar - behind]
    return result
