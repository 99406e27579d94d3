"""Sharpe ratios under doubt: PSR, DSR, MinTRL. Everything is per period."""

import math
from statistics import NormalDist

_NORMAL = NormalDist()
_EULER = 0.5772156649015329


def normal_cdf(x: float) -> float:
    """Return the standard normal distribution function, exact in the far tails too."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def sharpe_variance(sharpe: float, skew: float, kurtosis: float) -> float:
    """Return T times the variance of an estimated Sharpe ratio (Mertens 2002).

    ``kurtosis`` is raw, 3 for a normal distribution.
    """
    return 1 - skew * sharpe + (kurtosis - 1) / 4 * sharpe**2


def psr(
    sharpe: float, count: int, skew: float, kurtosis: float, above: float = 0.0
) -> float:
    """Return the probability that the true Sharpe ratio is higher than ``above``.

    Bailey and Lopez de Prado 2012. ``count`` observations with biased ``skew`` and raw
    ``kurtosis``. NaN when it is undefined.
    """
    variance = sharpe_variance(sharpe, skew, kurtosis)
    if count < 2 or not variance > 0:
        return math.nan
    return normal_cdf((sharpe - above) * math.sqrt(count - 1) / math.sqrt(variance))


def expected_max_sharpe(variance: float, trials: float) -> float:
    """Return the Sharpe ratio that the best of ``trials`` without skill would show.

    ``variance`` (n - 1) of the trials' Sharpe ratios; one trial, or fewer, expects 0.
    """
    if trials <= 1:
        return 0.0
    first = _NORMAL.inv_cdf(1 - 1 / trials)
    second = _NORMAL.inv_cdf(1 - 1 / (trials * math.e))
    return math.sqrt(variance) * ((1 - _EULER) * first + _EULER * second)


def dsr(
    sharpe: float,
    count: int,
    skew: float,
    kurtosis: float,
    *,
    variance: float,
    trials: float,
) -> float:
    """Return the deflated Sharpe ratio: PSR above what ``trials`` find by chance.

    Bailey and Lopez de Prado 2014. For correlated trials pass the effective number.
    """
    hurdle = expected_max_sharpe(variance, trials)
    return psr(sharpe, count, skew, kurtosis, above=hurdle)


def effective_trials(correlation: float, trials: int) -> float:
    """Return how many independent trials correlated ones are worth.

    ``correlation`` is their mean pairwise correlation rho: rho + (1 - rho) * trials.
    """
    return correlation + (1 - correlation) * trials


def min_track_record(
    sharpe: float,
    skew: float,
    kurtosis: float,
    above: float = 0.0,
    confidence: float = 0.95,
) -> float:
    """Return how many observations make PSR(above) reach ``confidence``.

    Infinite when the Sharpe ratio is not higher than ``above``.
    """
    if not sharpe > above:
        return math.nan if math.isnan(sharpe) else math.inf
    quantile = _NORMAL.inv_cdf(confidence)
    variance = sharpe_variance(sharpe, skew, kurtosis)
    return 1 + variance * (quantile / (sharpe - above)) ** 2
