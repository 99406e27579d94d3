"""Return and risk of an equity curve (metrics.md section 1).

Undefined is NaN, never 0: a ratio over a standard deviation of 0, a return over no
time. Array arguments are one-dimensional; returns are per bar, as fractions.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.moments import (
    bar_returns,
    central_sums,
    first_sums,
)
from backtests.engine.metrics.tails import tails

type Series = NDArray[np.float64]
type Values = dict[str, float]

# Below this relative size a standard deviation is the rounding of a constant.
CONSTANT = 1e-14


def divide(numerator: float, denominator: float) -> float:
    """Return the quotient; NaN when the denominator is 0 or either is undefined."""
    if denominator == 0 or math.isnan(denominator):
        return math.nan
    return numerator / denominator


def returns_of(values: Series) -> Series:
    """Return the n - 1 simple returns of ``values``."""
    out = np.empty(max(len(values) - 1, 0))
    if len(out):
        bar_returns(values, out)
    return out


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, spread and shape of returns, and how they move with a benchmark.

    ``deviation`` has n - 1 in the denominator; ``skew`` and ``kurtosis`` (3 = normal)
    are the biased ones. All are per period.
    """

    count: int
    mean: float
    deviation: float
    downside: float
    gains: float
    losses: float
    skew: float
    kurtosis: float
    benchmark_mean: float
    beta: float
    tracking: float

    @property
    def sharpe(self) -> float:
        return divide(self.mean, self.deviation)


def moments_of(
    returns: Series, benchmark: Series | None = None, target: float = 0.0
) -> Moments:
    """Return the moments of ``returns`` above ``target`` per period."""
    count = len(returns)
    other = returns if benchmark is None else benchmark
    if not count:
        return Moments(0, *(math.nan,) * 10)
    first = first_sums(returns, other, target)
    mean, other_mean = first.returns / count, first.benchmark / count
    sums = central_sums(returns, other, mean, other_mean)
    variance = sums.second / count
    degrees = count - 1
    deviation = math.sqrt(sums.second / degrees) if degrees else math.nan
    if variance <= (CONSTANT * abs(mean)) ** 2:
        deviation = variance = 0.0 if degrees else math.nan
    nothing = benchmark is None
    return Moments(
        count=count,
        mean=mean - target,
        deviation=deviation,
        downside=math.sqrt(first.downside / count),
        gains=first.gains,
        losses=-first.losses,
        skew=divide(sums.third / count, variance**1.5),
        kurtosis=divide(sums.fourth / count, variance**2),
        benchmark_mean=math.nan if nothing else other_mean,
        beta=math.nan if nothing else divide(sums.product, sums.benchmark),
        tracking=math.sqrt(sums.difference / degrees)
        if degrees and not nothing
        else math.nan,
    )


def power(base: float, exponent: float) -> float:
    """Return ``base ** exponent``; NaN below 0, infinity when it overflows."""
    if base < 0 or math.isnan(base) or math.isnan(exponent):
        return math.nan
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.nan


def growth_of(equity: Series, years: float, periods: float) -> Values:
    """Return total and annual growth of ``equity``, at least one value."""
    total = divide(float(equity[-1]), float(equity[0])) - 1
    count = len(equity) - 1
    return {
        "final_equity": float(equity[-1]),
        "total_return": total,
        "annual_return": power(1 + total, periods / count) - 1 if count else math.nan,
        "cagr": power(1 + total, 1 / years) - 1 if years > 0 else math.nan,
    }


def risk_of(returns: Series, moments: Moments, periods: float) -> Values:
    """Return the ratios of mean to spread, and the shape of the returns."""
    year = math.sqrt(periods) if periods > 0 else math.nan
    return {
        "volatility": moments.deviation * year,
        "sharpe_bar": moments.sharpe * year,
        "sortino": divide(moments.mean, moments.downside) * year,
        "omega": divide(moments.gains, moments.losses),
        "skew": moments.skew,
        "kurtosis": moments.kurtosis,
        "excess_kurtosis": moments.kurtosis - 3,
        **tails(returns),
    }


def relative_of(moments: Moments, periods: float) -> Values:
    """Return how the returns compare with those of the benchmark's closes."""
    ahead = moments.mean - moments.benchmark_mean
    information = divide(ahead, moments.tracking)
    residual = moments.mean - moments.beta * moments.benchmark_mean
    return {
        "beta": moments.beta,
        "alpha": power(1 + residual, periods) - 1,
        "information_ratio": information,
        "information_ratio_ann": information * math.sqrt(periods),
    }
