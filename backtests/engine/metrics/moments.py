"""Moments of returns: mean, spread, shape, and how they move with a benchmark."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.moments import (
    LANES,
    bar_returns,
    central_sums,
    first_sums,
)
from backtests.engine.metrics.tails import TailSearch

type Series = NDArray[np.float64]

# Returns are computed in pieces that stay in the cache; a whole number of lanes.
CHUNK = 256 * LANES
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


def moments_of(returns: Series, target: float = 0.0) -> Moments:
    """Return the moments of ``returns`` above ``target`` per period, no benchmark."""
    return _moments(lambda: iter([(returns, returns)]), target, False, None)


def curve_moments(
    equity: Series, closes: Series | None, target: float
) -> tuple[Moments, dict[str, float]]:
    """Return the moments and the tails of the bar returns of ``equity``.

    ``closes`` (same length) are those of the benchmark. The returns are never held as
    a whole: at a million bars, writing them costs more than computing them twice.
    """
    search = TailSearch(equity)

    def pieces() -> Iterator[tuple[Series, Series]]:
        mine, other = np.empty(CHUNK), np.empty(CHUNK)
        for start in range(0, len(equity) - 1, CHUNK):
            end = min(start + CHUNK, len(equity) - 1)
            bar_returns(equity[start : end + 1], mine[: end - start])
            if closes is not None:
                bar_returns(closes[start : end + 1], other[: end - start])
            yield (
                mine[: end - start],
                (mine if closes is None else other)[: end - start],
            )

    moments = _moments(pieces, target, closes is not None, search)
    return moments, search.tails()


def _moments(
    pieces: Callable[[], Iterator[tuple[Series, Series]]],
    target: float,
    compared: bool,
    search: TailSearch | None,
) -> Moments:
    """Go through the pieces of returns and benchmark twice: sums, then deviations."""
    count, partial = 0, np.zeros((5, LANES))
    for mine, other in pieces():
        count += len(mine)
        first_sums(mine, other, target, partial)
        if search is not None:
            search.add(mine)
    if not count:
        return Moments(0, *(math.nan,) * 10)
    total, other_total, gains, losses, downside = map(float, partial.sum(axis=1))
    mean, other_mean = total / count, other_total / count
    partial = np.zeros((6, LANES))
    for mine, other in pieces():
        central_sums(mine, other, (mean, other_mean), partial)
    second, third, fourth, spread, product, gap = map(float, partial.sum(axis=1))
    variance, degrees = second / count, count - 1
    if variance <= (CONSTANT * abs(mean)) ** 2:
        variance = second = 0.0
    return Moments(
        count=count,
        mean=mean - target,
        deviation=_deviation(second, degrees),
        downside=math.sqrt(downside / count),
        gains=gains,
        losses=-losses,
        skew=divide(third / count, variance**1.5),
        kurtosis=divide(fourth / count, variance**2),
        benchmark_mean=other_mean if compared else math.nan,
        beta=divide(product, spread) if compared else math.nan,
        tracking=_deviation(gap, degrees) if compared else math.nan,
    )


def _deviation(squares: float, degrees: int) -> float:
    return math.sqrt(squares / degrees) if degrees else math.nan
