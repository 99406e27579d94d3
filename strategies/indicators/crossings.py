"""Events: the bars at which one series passes another, or a level."""

import numpy as np

from strategies.indicators.arrays import Bools, Floats


def crossover(a: Floats, b: Floats | float) -> Bools:
    """Return the bars where ``a`` is above ``b`` and was not on the bar before.

    A bar where either value of either series is NaN is no crossing, so the first bar
    never is.
    """
    above = a > b
    not_above = a <= b
    crossed = np.zeros(len(a), dtype=np.bool_)
    crossed[1:] = above[1:] & not_above[:-1]
    return crossed


def crossunder(a: Floats, b: Floats | float) -> Bools:
    """Return the bars where ``a`` is below ``b`` and was not on the bar before."""
    return crossover(-a, -b)


def cross(a: Floats, b: Floats | float) -> Bools:
    """Return the bars where ``a`` passes ``b`` in either direction."""
    return crossover(a, b) | crossunder(a, b)
