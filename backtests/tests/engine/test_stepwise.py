"""The stepwise test and the model confidence set, against slow obvious versions."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from backtests.engine.statistics import (
    confidence_set,
    stationary_indices,
    stepwise_superior,
)

type Matrix = NDArray[np.float64]


def slow_superior(
    differences: Matrix, indices: NDArray[np.int64], size: float
) -> set[int]:
    """Reject what is above the maximum of what is left, until nothing more is."""
    means = differences.mean(axis=0)
    drawn = np.array([differences[sample].mean(axis=0) for sample in indices])
    spread = drawn.std(axis=0, ddof=1)
    left = set(range(len(means)))
    found: set[int] = set()
    while left:
        columns = sorted(left)
        highest = ((drawn - means) / spread)[:, columns].max(axis=1)
        new = {k for k in columns if (highest >= means[k] / spread[k]).mean() <= size}
        if not new:
            break
        found |= new
        left -= new
    return found


def slow_confidence_set(
    performance: Matrix, indices: NDArray[np.int64]
) -> tuple[list[int], list[float]]:
    """Return who leaves in which order, and each one's p-value, pair by pair."""
    means = performance.mean(axis=0)
    drawn = np.array([performance[sample].mean(axis=0) for sample in indices])
    left = list(range(len(means)))
    order, pvalues, level = [], [1.0] * len(left), 0.0
    while len(left) > 1:
        largest, worst = -math.inf, -1
        highest = np.zeros(len(indices))
        for i in left:
            for j in left:
                if i == j:
                    continue
                moved = drawn[:, j] - drawn[:, i] - (means[j] - means[i])
                spread = math.sqrt((moved**2).mean())
                highest = np.maximum(highest, moved / spread)
                if (means[j] - means[i]) / spread > largest:
                    largest, worst = (means[j] - means[i]) / spread, i
        level = max(level, float((highest > largest).mean()))
        pvalues[worst] = level
        order.append(worst)
        left.remove(worst)
    return order + left, pvalues


@pytest.mark.parametrize("seed", range(6))
def test_the_stepwise_test_rejects_what_repeated_rejection_rejects(seed: int) -> None:
    rng = np.random.default_rng(seed)
    differences = rng.normal(0, 0.01, (120, 7)) + 0.01 * rng.random(7) * (seed % 3)
    indices = stationary_indices(120, 90, 5.0, seed)
    ours = stepwise_superior(differences, indices=indices)

    for size in (0.01, 0.05, 0.2, 0.5):
        expected = slow_superior(differences, indices, size)
        assert set(ours.superior(size).tolist()) == expected


@pytest.mark.parametrize("seed", range(6))
def test_the_confidence_set_eliminates_pair_by_pair(seed: int) -> None:
    rng = np.random.default_rng(seed)
    performance = rng.normal(0, 0.01, (100, 6)) + 0.004 * rng.random(6) * (seed % 3)
    indices = stationary_indices(100, 80, 5.0, seed)
    ours = confidence_set(performance, indices=indices)
    order, pvalues = slow_confidence_set(performance, indices)

    assert ours.eliminated.tolist() == order
    assert ours.pvalues.tolist() == pytest.approx(pvalues, abs=1e-12)


def test_both_edges_are_found_not_only_the_larger() -> None:
    differences = np.random.default_rng(1).normal(0, 0.01, (400, 6))
    differences[:, 2] += 0.004
    differences[:, 4] += 0.003

    assert stepwise_superior(differences, reps=400).superior(0.05).tolist() == [2, 4]


def test_a_true_winner_is_alone_in_the_confidence_set() -> None:
    performance = np.random.default_rng(2).normal(0, 0.01, (400, 5))
    performance[:, 3] += 0.01
    ours = confidence_set(performance, reps=400)

    assert ours.included(0.1).tolist() == [3]
    assert ours.pvalues[3] == 1.0
    assert ours.eliminated[-1] == 3


def test_noise_stays_in_the_confidence_set() -> None:
    performance = np.random.default_rng(3).normal(0, 0.01, (300, 5))

    assert len(confidence_set(performance, reps=300).included(0.05)) == 5


def test_a_strategy_that_equals_the_benchmark_is_not_superior() -> None:
    differences = np.random.default_rng(4).normal(0.01, 0.001, (60, 3))
    differences[:, 1] = 0.0
    ours = stepwise_superior(differences, reps=100)

    assert math.isnan(ours.statistics[1])
    assert ours.pvalues[1] == 1.0
    assert ours.superior(0.05).tolist() == [0, 2]


def test_two_equal_strategies_are_both_in_the_confidence_set() -> None:
    performance = np.random.default_rng(5).normal(0, 0.01, (80, 3))
    performance[:, 0] += 0.02
    performance[:, 2] = performance[:, 0]

    assert confidence_set(performance, reps=100).included(0.1).tolist() == [0, 2]


def test_a_constant_shortfall_is_certain() -> None:
    better = np.random.default_rng(6).normal(0, 0.01, 80)
    ours = confidence_set(np.column_stack([better - 0.001, better]), reps=100)

    assert ours.pvalues.tolist() == [0.0, 1.0]


def test_a_confidence_set_of_one_strategy_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two"):
        confidence_set(np.zeros((10, 1)))


@pytest.mark.slow
def test_false_discoveries_are_as_rare_as_promised() -> None:
    rng = np.random.default_rng(7)
    false = [
        len(
            stepwise_superior(
                rng.normal(0, 0.01, (250, 8)), mean_block=1.0, reps=200, seed=run
            ).superior(0.1)
        )
        for run in range(600)
    ]

    assert np.count_nonzero(false) / 600 == pytest.approx(0.1, abs=0.04)


@pytest.mark.slow
def test_the_best_is_in_the_confidence_set_as_often_as_promised() -> None:
    rng = np.random.default_rng(8)
    edges = np.array([0.001, 0.0005, 0.0, 0.0, -0.0005])
    held = [
        confidence_set(
            rng.normal(0, 0.01, (250, 5)) + edges, mean_block=1.0, reps=200, seed=run
        ).included(0.1)
        for run in range(600)
    ]

    assert np.mean([0 in columns for columns in held]) >= 0.9
