"""Which of many strategies beat the benchmark, and which may be the best of them?

The stepwise test of Romano and Wolf (2005) and the model confidence set of Hansen,
Lunde and Nason (2011). Both resample all columns together, so their correlation counts.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtests.engine.statistics.bootstrap import (
    resampled_means,
    stationary_indices,
)

type Matrix = NDArray[np.float64]
type Indices = NDArray[np.int64]

# A spread below this share of the largest value is what rounding leaves of none.
ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Stepwise:
    """The outcome of the stepwise test of K strategies.

    ``statistics`` (K,) are studentized means; ``pvalues`` (K,) are adjusted for the
    search: rejecting all at or below a level makes any false discovery at most that
    likely. A strategy that never differs from the benchmark has NaN and 1.
    """

    statistics: Matrix
    pvalues: Matrix

    def superior(self, size: float = 0.05) -> NDArray[np.int64]:
        """Return the columns that beat the benchmark at level ``size``, ascending."""
        return np.flatnonzero(self.pvalues <= size).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class ConfidenceSet:
    """The outcome of eliminating the worst of N strategies until one is left.

    ``pvalues`` (N,): the smallest level at which each strategy is out of the set, 1 for
    the last; ``eliminated`` (N,) are the columns in the order they left, the last one
    being the survivor.
    """

    pvalues: Matrix
    eliminated: NDArray[np.int64]

    def included(self, size: float = 0.1) -> NDArray[np.int64]:
        """Return the columns that hold the best with probability 1 - ``size``."""
        return np.flatnonzero(self.pvalues > size).astype(np.int64)


def stepwise_superior(
    differences: Matrix,
    *,
    mean_block: float = 10.0,
    reps: int = 1000,
    seed: int = 0,
    indices: Indices | None = None,
) -> Stepwise:
    """Test of each strategy that it does not beat the benchmark (Romano, Wolf 2005).

    ``differences`` (T periods, K strategies): return of the strategy minus that of the
    benchmark. ``indices`` (reps, T) replaces the drawn samples. Strategies are taken
    from the strongest down; the p-value of each is how often the resampled maximum over
    it and all weaker ones reaches its statistic, but at least that of the one before.
    The spread is the standard deviation (n - 1) of the resampled means.
    """
    rows, count = differences.shape
    if indices is None:
        indices = stationary_indices(rows, reps, mean_block, seed)
    means = differences.mean(axis=0)
    drawn = resampled_means(differences, indices)
    spread = drawn.std(axis=0, ddof=1)
    moves = np.flatnonzero(spread > ROUNDING * _largest(differences))
    statistics, pvalues = np.full(count, math.nan), np.ones(count)
    statistics[moves] = means[moves] / spread[moves]
    order = moves[np.argsort(-statistics[moves], kind="stable")]
    moved = (drawn[:, order] - means[order]) / spread[order]
    highest = np.maximum.accumulate(moved[:, ::-1], axis=1)[:, ::-1]
    shares = (highest >= statistics[order]).mean(axis=0)
    pvalues[order] = np.maximum.accumulate(shares)
    return Stepwise(statistics, pvalues)


def confidence_set(
    performance: Matrix,
    *,
    mean_block: float = 10.0,
    reps: int = 1000,
    seed: int = 0,
    indices: Indices | None = None,
) -> ConfidenceSet:
    """Find the strategies that cannot be told from the best (Hansen et al. 2011).

    ``performance`` (T periods, N strategies), higher is better: negate losses.
    ``indices`` (reps, T) replaces the drawn samples. The range statistic T_R: the
    largest studentized difference of two strategies still in the set; the worse one of
    that pair leaves. A pair of equals differs by 0, a pair that differs by a constant
    by infinity.

    Raises ``ValueError`` for fewer than two strategies.
    """
    rows, count = performance.shape
    if count < 2:
        raise ValueError("a confidence set needs at least two strategies")
    if indices is None:
        indices = stationary_indices(rows, reps, mean_block, seed)
    means = performance.mean(axis=0)
    errors = resampled_means(performance, indices) - means
    spreads = _pair_spreads(errors, ROUNDING * _largest(performance))
    order, statistics = _eliminate(_shortfalls(means, spreads, performance))
    highest = _range_maxima(errors, spreads, order)
    # A statistic of 0 is that of equals: nothing speaks against them.
    least = statistics[:, None]
    shares = ((highest > least) | (least <= 0.0)).mean(axis=1)
    pvalues = np.ones(count)
    pvalues[order[:-1]] = np.maximum.accumulate(shares)
    return ConfidenceSet(pvalues, order)


def _largest(values: Matrix) -> float:
    return float(np.abs(values).max(initial=0.0))


def _pair_spreads(errors: Matrix, least: float) -> Matrix:
    """Return (N, N) root mean squares of the resampled differences; inf for none."""
    spreads = np.empty((errors.shape[1], errors.shape[1]))
    for k, column in enumerate(errors.T):
        spreads[k] = np.sqrt(((errors - column[:, None]) ** 2).mean(axis=0))
    spreads[spreads <= least] = math.inf
    return spreads


def _shortfalls(means: Matrix, spreads: Matrix, performance: Matrix) -> Matrix:
    """Return (N, N) studentized differences: how far the row is behind the column."""
    behind = means - means[:, None]
    shortfalls = behind / spreads
    apart = np.isinf(spreads) & (np.abs(behind) > ROUNDING * _largest(performance))
    shortfalls[apart] = np.copysign(math.inf, behind[apart])
    return shortfalls


def _eliminate(shortfalls: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    """Return the order (N,) in which strategies leave and the N - 1 statistics.

    Neither depends on the samples, so both are known before their maxima are taken.
    """
    staying = np.arange(len(shortfalls))
    order, statistics = [], []
    while len(staying) > 1:
        pairs = shortfalls[np.ix_(staying, staying)]
        worst = int(pairs.argmax()) // len(staying)
        statistics.append(pairs.max())
        order.append(staying[worst])
        staying = np.delete(staying, worst)
    return np.array([*order, staying[0]], np.int64), np.array(statistics)


def _range_maxima(errors: Matrix, spreads: Matrix, order: NDArray[np.int64]) -> Matrix:
    """Return (N - 1, reps): the largest resampled difference in the set of each step.

    Backwards from the survivor each step adds one strategy and its pairs to the set, so
    all steps together look at every pair once: O(reps * N^2) instead of N^3.
    """
    highest = np.zeros((len(order) - 1, len(errors)))
    running = np.zeros(len(errors))
    for step in range(len(order) - 2, -1, -1):
        joins, staying = order[step], order[step + 1 :]
        distance = np.abs(errors[:, staying] - errors[:, [joins]])
        np.maximum(
            running, (distance / spreads[joins, staying]).max(axis=1), out=running
        )
        highest[step] = running
    return highest
