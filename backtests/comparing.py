"""Runs side by side: their equity on the days that all of them have."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from backtests.engine import Calendar
from backtests.engine.calendars import median_seconds
from backtests.engine.kernels.drawdown import deepest_drawdown
from backtests.engine.metrics.daily import daily_values
from backtests.engine.metrics.moments import moments_of, returns_of
from marketdata.timeframes import DAY_MS

type Series = NDArray[np.float64]

COMMON = ("total_return", "volatility", "sharpe", "max_drawdown")


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A run's equity at the close of bars of ``bar_ms`` that open at ``time`` (ms)."""

    time: NDArray[np.int64]
    equity: Series
    bar_ms: int


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """The days (D,) in ms that K runs have in common, and their equity (K, D).

    Each begins with 1 on the first common day; one that had nothing left then is NaN.
    """

    days: NDArray[np.int64]
    equity: NDArray[np.float64]


def align(curves: Sequence[Curve]) -> Aligned:
    """Return the curves on their common UTC days, rebased; there may be no such day.

    A day's value is that of its last bar; a bar longer than a day belongs to the last
    day that it covers.
    """
    daily = [
        daily_values(curve.time + max(0, curve.bar_ms - DAY_MS), curve.equity)
        for curve in curves
    ]
    days = reduce(np.intersect1d, (own for own, _ in daily))
    values = np.array([values[np.isin(own, days)] for own, values in daily])
    start = values[:, :1]
    equity = np.full_like(values, np.nan)
    np.divide(values, start, out=equity, where=start > 0)
    return Aligned(days, equity)


def correlation(aligned: Aligned) -> NDArray[np.float64]:
    """Return the correlation (K, K) of daily returns on the common days.

    NaN where one of the two never moves.
    """
    returns = np.array([returns_of(curve) for curve in aligned.equity])
    apart = returns - returns.mean(axis=1, keepdims=True)
    lengths = np.sqrt((apart**2).sum(axis=1))
    matrix: NDArray[np.float64] = np.full((len(apart), len(apart)), np.nan)
    products, scales = apart @ apart.T, np.outer(lengths, lengths)
    np.divide(products, scales, out=matrix, where=scales > 0)
    np.clip(matrix, -1, 1, out=matrix)
    np.fill_diagonal(matrix, np.where(lengths > 0, 1.0, np.nan))
    return matrix


def common_metrics(
    aligned: Aligned, days_per_year: Sequence[int]
) -> dict[str, list[float]]:
    """Return what the runs made on the common days alone, one value per run."""
    seconds = median_seconds(aligned.days)
    rows = [
        _made(curve, Calendar.of(days).periods_per_year(seconds))
        for curve, days in zip(aligned.equity, days_per_year, strict=True)
    ]
    return {name: [row[name] for row in rows] for name in COMMON}


def _made(curve: Series, periods: float) -> dict[str, float]:
    if math.isnan(curve[0]):
        return dict.fromkeys(COMMON, math.nan)
    moments, year = moments_of(returns_of(curve)), math.sqrt(periods)
    values = (
        float(curve[-1]) - 1,
        moments.deviation * year,
        moments.sharpe * year,
        deepest_drawdown(curve),
    )
    return dict(zip(COMMON, values, strict=True))
