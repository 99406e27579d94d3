"""Return and risk of an equity curve (metrics.md section 1).

Undefined is NaN, never 0: a ratio over a standard deviation of 0, a return over no
time. Array arguments are one-dimensional; returns are per bar, as fractions.
"""

import math

from backtests.engine.metrics.moments import Moments, Series, divide

type Values = dict[str, float]


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


def risk_of(moments: Moments, periods: float) -> Values:
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
