"""The statistics on data without skill, and what they refuse."""

import math

import numpy as np
import pytest

from backtests.engine.metrics.moments import moments_of
from backtests.engine.statistics import (
    dsr,
    pbo,
    psr,
    reality_check,
    stationary_indices,
    superior_ability,
)


def null_dsr(rng: np.random.Generator, trials: int, periods: int) -> float:
    """Return the DSR of the best of ``trials`` random walks."""
    returns = rng.normal(0, 0.01, (trials, periods))
    moments = [moments_of(row) for row in returns]
    sharpes = np.array([m.sharpe for m in moments])
    best = moments[int(sharpes.argmax())]
    variance = float(sharpes.var(ddof=1))
    return dsr(
        best.sharpe,
        best.count,
        best.skew,
        best.kurtosis,
        variance=variance,
        trials=trials,
    )


@pytest.mark.slow
def test_the_deflated_sharpe_is_rarely_convinced_by_luck() -> None:
    rng = np.random.default_rng(1)
    found = np.array([null_dsr(rng, 50, 500) for _ in range(1000)])

    assert (found > 0.95).mean() <= 0.05


@pytest.mark.slow
def test_superior_ability_has_the_size_it_promises() -> None:
    rng = np.random.default_rng(2)
    pvalues = np.array(
        [
            superior_ability(
                rng.normal(0, 0.01, (300, 8)), mean_block=1.0, reps=300, seed=i
            ).consistent
            for i in range(600)
        ]
    )

    for level in (0.05, 0.1, 0.25, 0.5):
        assert (pvalues <= level).mean() == pytest.approx(level, abs=0.05)


def test_chance_alone_is_seldom_probable() -> None:
    rng = np.random.default_rng(3)
    found = np.array([null_dsr(rng, 20, 250) for _ in range(60)])

    assert (found > 0.95).mean() <= 0.1


def test_pbo_of_noise_is_about_one_half() -> None:
    returns = np.random.default_rng(4).normal(0, 0.01, (800, 40))

    assert pbo(returns, 10).probability == pytest.approx(0.5, abs=0.25)


def test_pbo_of_a_true_winner_is_zero() -> None:
    returns = np.random.default_rng(5).normal(0, 0.01, (800, 10))
    returns[:, 3] += 0.01

    outcome = pbo(returns, 8)
    assert outcome.probability == 0.0
    assert (outcome.selected == 3).all()


def test_a_strategy_that_never_trades_has_a_rank() -> None:
    returns = np.random.default_rng(6).normal(0, 0.01, (100, 4))
    returns[:, 2] = 0.0

    assert np.isfinite(pbo(returns, 4).logits).all()


@pytest.mark.parametrize(("blocks", "columns"), [(3, 4), (4, 1), (60, 4)])
def test_pbo_refuses_what_it_cannot_split(blocks: int, columns: int) -> None:
    with pytest.raises(ValueError, match=r"blocks|PBO"):
        pbo(np.zeros((100, columns)), blocks)


def test_an_edge_is_superior() -> None:
    differences = np.random.default_rng(7).normal(0, 0.01, (500, 5))
    differences[:, 1] += 0.003

    outcome = superior_ability(differences, reps=500)
    assert outcome.best == 1
    assert outcome.consistent < 0.01
    assert outcome.lower <= outcome.consistent <= outcome.upper
    assert reality_check(differences, reps=500).pvalue < 0.01


def test_strategies_that_equal_the_benchmark_are_not_superior() -> None:
    assert superior_ability(np.zeros((50, 3)), reps=50).consistent == 1.0


def test_bootstrap_blocks_run_on_and_wrap() -> None:
    indices = stationary_indices(50, 400, 10.0, seed=8)
    follows = (indices[:, 1:] - indices[:, :-1]) % 50 == 1

    assert indices.min() >= 0
    assert indices.max() < 50
    assert follows.mean() == pytest.approx(1 - 1 / 10 + 1 / 500, abs=0.01)


def test_the_same_seed_draws_the_same_samples() -> None:
    first = stationary_indices(30, 20, 5.0, seed=9)

    np.testing.assert_array_equal(first, stationary_indices(30, 20, 5.0, seed=9))


def test_psr_is_undefined_without_observations() -> None:
    assert math.isnan(psr(0.1, 1, 0.0, 3.0))
