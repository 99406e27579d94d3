"""Arithmetic bar by bar where NumPy's own answer is not the one a trader expects."""

import numpy as np

from strategies.indicators.arrays import Floats


def nz(values: Floats, replacement: float) -> Floats:
    """Return the values with ``replacement`` for those that are NaN or infinite."""
    return np.where(np.isfinite(values), values, replacement)


def clip(values: Floats, low: Floats, high: Floats) -> Floats:
    """Return the values within [low, high]; NaN where a bound is NaN."""
    return np.minimum(np.maximum(values, low), high)


def round_half_up(values: Floats) -> Floats:
    """Return the nearest whole numbers, halves away from zero: 2.5 gives 3, not 2."""
    size = np.abs(values)
    whole = np.floor(size)
    with np.errstate(invalid="ignore"):
        result: Floats = np.copysign(whole + (size - whole >= 0.5), values)
    return result


def square_root(values: Floats) -> Floats:
    """Return the root, NaN below zero."""
    with np.errstate(invalid="ignore"):
        result: Floats = np.sqrt(values)
    return result


def logarithm(values: Floats) -> Floats:
    """Return the natural logarithm, NaN at zero and below."""
    result = np.full(len(values), np.nan)
    np.log(values, out=result, where=values > 0)
    return result


def exponential(values: Floats) -> Floats:
    """Return e to the power of the values, infinite beyond what a float holds."""
    with np.errstate(over="ignore"):
        result: Floats = np.exp(values)
    return result
