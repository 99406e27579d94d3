"""Is the mean of a series above 0? The test that knows about serial correlation."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtests.engine.statistics.sharpe import normal_cdf

# A variance below this share of the mean square is what rounding leaves of none.
ROUNDING = 1e-28


@dataclass(frozen=True, slots=True)
class MeanTest:
    """The mean, its t statistic, and how likely such a one is when the true mean is 0.

    ``pvalue`` is one-sided: small when the mean is above 0. Both are NaN for fewer than
    two values and for values that never change.
    """

    mean: float
    statistic: float
    pvalue: float
    lags: int


def lags_of(count: int) -> int:
    """Return floor(4 (T / 100)^(2/9)): Newey and West 1994, without prewhitening."""
    return min(math.floor(4 * math.pow(count / 100, 2 / 9)), max(count - 1, 0))


def mean_test(values: NDArray[np.float64]) -> MeanTest:
    """Test that the mean of ``values`` (T,) is not above 0.

    Its variance is long-run: Newey and West 1987, Bartlett weights 1 - j / (L + 1) on
    autocovariances with T in the denominator; the normal distribution, which holds for
    large T.
    """
    count = len(values)
    lags = lags_of(count)
    if count < 2:
        return MeanTest(math.nan, math.nan, math.nan, lags)
    mean = float(values.mean())
    deviations = values - mean
    variance = float(deviations @ deviations)
    if variance <= ROUNDING * float(values @ values):
        return MeanTest(mean, math.nan, math.nan, lags)
    for lag in range(1, lags + 1):
        weight = 1 - lag / (lags + 1)
        variance += 2 * weight * float(deviations[lag:] @ deviations[:-lag])
    if variance <= 0:
        return MeanTest(mean, math.nan, math.nan, lags)
    # Both the long-run variance and that of the mean divide by T.
    statistic = mean * count / math.sqrt(variance)
    return MeanTest(mean, statistic, normal_cdf(-statistic), lags)
