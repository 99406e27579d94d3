"""Is the best of many strategies better than the benchmark, or only the luckiest?

White's Reality Check (2000) and Hansen's test for superior predictive ability (2005),
the latter with studentized statistics.
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


@dataclass(frozen=True, slots=True)
class RealityCheck:
    """White's statistic, its p-value, and the column of the best strategy."""

    statistic: float
    pvalue: float
    best: int


@dataclass(frozen=True, slots=True)
class SuperiorAbility:
    """Hansen's studentized statistic and his three p-values.

    ``consistent`` is the one to report; ``lower`` and ``upper`` bound it.
    """

    statistic: float
    lower: float
    consistent: float
    upper: float
    best: int


def reality_check(
    differences: Matrix,
    *,
    mean_block: float = 10.0,
    reps: int = 1000,
    seed: int = 0,
    indices: Indices | None = None,
) -> RealityCheck:
    """Test that no strategy beats the benchmark.

    ``differences`` (T periods, K strategies): return of the strategy minus that of the
    benchmark. ``indices`` (reps, T) replaces the drawn samples.
    """
    rows = len(differences)
    indices = _samples(rows, reps, mean_block, seed) if indices is None else indices
    means = differences.mean(axis=0)
    drawn = resampled_means(differences, indices)
    statistic = math.sqrt(rows) * float(means.max())
    worst = math.sqrt(rows) * (drawn - means).max(axis=1)
    return RealityCheck(
        statistic, float((worst >= statistic).mean()), int(means.argmax())
    )


def superior_ability(
    differences: Matrix,
    *,
    mean_block: float = 10.0,
    reps: int = 1000,
    seed: int = 0,
    indices: Indices | None = None,
) -> SuperiorAbility:
    """Test the same with each strategy measured by its own spread.

    The spread omega is the standard deviation (n - 1) of the resampled means; a
    strategy without any is left out of the statistic. Arguments as in
    ``reality_check``.
    """
    rows = len(differences)
    indices = _samples(rows, reps, mean_block, seed) if indices is None else indices
    means, root = differences.mean(axis=0), math.sqrt(rows)
    drawn = resampled_means(differences, indices)
    omega = root * drawn.std(axis=0, ddof=1)
    moves = omega > 1e-14 * np.abs(differences).max(initial=0.0)
    scaled = np.where(moves, root * means / np.where(moves, omega, 1.0), -math.inf)
    statistic = max(float(scaled.max()), 0.0)
    threshold = -math.sqrt(2 * math.log(math.log(rows))) if rows > 2 else -math.inf
    centres = {
        "lower": np.maximum(means, 0.0),
        "consistent": np.where(scaled >= threshold, means, 0.0),
        "upper": means,
    }
    pvalues = {
        name: _pvalue(root * (drawn - centre), omega, moves, statistic)
        for name, centre in centres.items()
    }
    return SuperiorAbility(statistic, best=int(scaled.argmax()), **pvalues)


def _samples(rows: int, reps: int, mean_block: float, seed: int) -> Indices:
    return stationary_indices(rows, reps, mean_block, seed)


def _pvalue(
    moved: Matrix, omega: Matrix, moves: NDArray[np.bool_], statistic: float
) -> float:
    """Return how often the resampled maximum reaches the statistic."""
    if not moves.any():
        return 1.0
    highest = (moved[:, moves] / omega[moves]).max(axis=1)
    return float((np.maximum(highest, 0.0) >= statistic).mean())
