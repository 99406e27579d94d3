"""Runs on common days, with the arithmetic written out."""

import numpy as np
import pytest
from numpy.typing import NDArray

from backtests.comparing import Curve, align, common_metrics, correlation

DAY = 86_400_000
HOUR = 3_600_000


def curve(first_day: int, *equity: float, bar_ms: int = DAY) -> Curve:
    time = first_day * DAY + np.arange(len(equity)) * bar_ms
    return Curve(time, np.array(equity, np.float64), bar_ms)


def test_each_begins_with_one_on_the_first_common_day() -> None:
    aligned = align([curve(0, 100, 110, 121, 133.1), curve(1, 50, 40, 60, 70)])

    assert aligned.days.tolist() == [DAY, 2 * DAY, 3 * DAY]
    assert aligned.equity[0] == pytest.approx([1, 1.1, 1.21])
    assert aligned.equity[1] == pytest.approx([1, 0.8, 1.2])


def test_a_day_that_one_does_not_have_is_left_out() -> None:
    weekdays = Curve(np.array([0, 1, 4]) * DAY, np.array([1.0, 2.0, 3.0]), DAY)

    aligned = align([weekdays, curve(0, 1, 1, 1, 1, 5)])

    assert aligned.days.tolist() == [0, DAY, 4 * DAY]
    assert aligned.equity[1].tolist() == [1, 1, 5]


def test_a_day_counts_with_its_last_hour() -> None:
    hours = curve(0, *range(1, 49), bar_ms=HOUR)

    aligned = align([hours, curve(0, 1, 1)])

    assert aligned.equity[0] == pytest.approx([1, 48 / 24])


def test_a_week_belongs_to_its_last_day() -> None:
    weeks = curve(0, 100, 150, bar_ms=7 * DAY)

    aligned = align([weeks, curve(0, *range(1, 15))])

    assert aligned.days.tolist() == [6 * DAY, 13 * DAY]
    assert aligned.equity[1] == pytest.approx([1, 14 / 7])


def test_without_a_common_day_there_is_nothing() -> None:
    aligned = align([curve(0, 1, 2), curve(5, 1, 2)])

    assert len(aligned.days) == 0
    assert aligned.equity.shape == (2, 0)


def test_returns_that_move_together_are_correlated() -> None:
    # Returns 10 %, -10 %, 10 % against 5 %, -5 %, 5 %, and the first turned round.
    aligned = align(
        [
            curve(0, 1, 1.1, 0.99, 1.089),
            curve(0, 1, 1.05, 0.9975, 1.047375),
            curve(0, 1, 0.9, 0.99, 0.891),
        ]
    )

    assert correlation(aligned) == pytest.approx(
        np.array([[1, 1, -1], [1, 1, -1], [-1, -1, 1]])
    )


def test_the_correlation_is_that_of_the_returns() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.normal(0, 0.01, (2, 50))
    returns = np.array([first, 0.5 * first + second])

    found = correlation(align([curve(0, *grown(own)) for own in returns]))

    assert found == pytest.approx(np.corrcoef(returns))
    assert np.array_equal(found, found.T)


def grown(returns: NDArray[np.float64]) -> list[float]:
    return [1.0, *np.cumprod(1 + returns).tolist()]


def test_what_never_moves_is_not_correlated() -> None:
    found = correlation(align([curve(0, 1, 1, 1), curve(0, 1, 2, 1)]))

    assert np.isnan(found).tolist() == [[True, True], [True, False]]
    assert found[1, 1] == 1


def test_common_metrics_are_those_of_the_common_days() -> None:
    aligned = align([curve(0, 500, 100, 103, 104.03), curve(1, 100, 90, 99)])

    found = common_metrics(aligned, [365, 252])

    # returns of 3 % and 1 %: mean 2 %, deviation sqrt(2) %; of -10 % and 10 %: mean 0
    assert found["total_return"] == pytest.approx([1.03 * 1.01 - 1, -0.01])
    assert found["sharpe"] == pytest.approx([2**0.5 * 365**0.5, 0], abs=1e-12)
    assert found["volatility"] == pytest.approx(
        [0.02**0.5 / 10 * 365**0.5, 0.02**0.5 * 252**0.5]
    )
    assert found["max_drawdown"] == pytest.approx([0, -0.1])


def test_what_had_nothing_left_at_the_start_is_not_a_number() -> None:
    aligned = align([curve(0, 0, 0, 0), curve(0, 1, 2, 3)])

    assert np.isnan(aligned.equity[0]).all()
    for values in common_metrics(aligned, [365, 365]).values():
        assert np.isnan(values[0])
    assert np.isnan(correlation(aligned)[0]).all()
