"""The test of a mean, with its arithmetic written out."""

import math

import numpy as np
import pytest

from backtests.engine.statistics import lags_of, mean_test


def normal_tail(t: float) -> float:
    return 0.5 * math.erfc(t / math.sqrt(2))


@pytest.mark.parametrize(
    ("count", "lags"),
    # 4 * (T / 100) ** (2 / 9): 1.95, 4, 6.67, 11.1; never as many as there are values
    [(1, 0), (2, 1), (4, 1), (100, 4), (1_000, 6), (10_000, 11)],
)
def test_the_lags_follow_the_rule(count: int, lags: int) -> None:
    assert lags_of(count) == lags


def test_the_variance_counts_the_neighbours() -> None:
    # mean 2; deviations -1 0 -1 2; squares 6; neighbours' products 0 + 0 - 2
    test = mean_test(np.array([1.0, 2.0, 1.0, 4.0]))

    long_run = (6 + 2 * (1 - 1 / 2) * -2) / 4
    t = 2 / math.sqrt(long_run / 4)
    assert (test.mean, test.lags) == (2, 1)
    assert test.statistic == pytest.approx(t)
    assert test.pvalue == pytest.approx(normal_tail(t))


def test_a_mean_below_zero_is_not_above_it() -> None:
    up, down = (mean_test(sign * np.array([1.0, 2.0, 1.0, 4.0])) for sign in (1, -1))

    assert down.statistic == -up.statistic
    assert down.pvalue == pytest.approx(1 - up.pvalue)


@pytest.mark.parametrize("values", [[], [1.0], [0.0, 0.0], [0.1, 0.1, 0.1]])
def test_what_never_changes_has_no_p_value(values: list[float]) -> None:
    assert math.isnan(mean_test(np.array(values)).pvalue)


def test_returns_that_repeat_themselves_count_for_less() -> None:
    rng = np.random.default_rng(5)
    noise = rng.normal(0.1, 1, 400)
    smooth = np.repeat(noise[:100], 4)

    plain = smooth.mean() / (smooth.std() / math.sqrt(len(smooth)))
    assert abs(mean_test(smooth).statistic) < abs(plain)


def test_pure_noise_is_significant_as_often_as_the_level_says() -> None:
    rng = np.random.default_rng(11)
    rejected = sum(
        mean_test(rng.standard_normal(250)).pvalue < 0.05 for _ in range(2_000)
    )

    # 2,000 * 5 % = 100, and some more for a variance that had to be estimated
    assert 80 <= rejected <= 150
