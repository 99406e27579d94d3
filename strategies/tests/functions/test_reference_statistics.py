"""Statistics against plain loops over each window."""

import statistics

import numpy as np
import pytest

from strategies.tests.functions.comparing import (
    NAN,
    Window,
    assert_close,
    bars_of,
    call,
    rolling,
)
from strategies.tests.functions.drawing import random_series

LENGTHS = [1, 2, 3, 10, 31]


def _rough(seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return random_series(160, np.random.default_rng(seed), rough=True)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("length", LENGTHS)
def test_order_statistics_are_those_of_the_sorted_window(
    length: int, seed: int
) -> None:
    bars, values = bars_of(1), _rough(seed)

    def nearest_rank(window: Window) -> float:
        at_least = np.arange(1, length + 1) / length >= 0.37
        return sorted(window)[int(at_least.argmax())]

    def oldest(window: Window) -> float:
        return float(length - 1 - window[::-1].index(max(window)))

    def oldest_low(window: Window) -> float:
        return float(length - 1 - window[::-1].index(min(window)))

    last = length - 1
    assert_close(
        call("median", bars, values, length),
        rolling(values, length, statistics.median),
    )
    assert_close(
        call("percentile", bars, values, length, 37.0),
        rolling(values, length, nearest_rank),
    )
    assert_close(call("highest", bars, values, length), rolling(values, length, max))
    assert_close(call("lowest", bars, values, length), rolling(values, length, min))
    assert_close(
        last - call("highestbars", bars, values, length),
        rolling(values, length, oldest),
    )
    assert_close(
        last - call("lowestbars", bars, values, length),
        rolling(values, length, oldest_low),
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("length", LENGTHS)
def test_percentrank_counts_the_values_before_that_are_not_above(
    length: int, seed: int
) -> None:
    bars, values = bars_of(1), _rough(seed)

    def rank(window: Window) -> float:
        *before, now = window
        return 100 * sum(value <= now for value in before) / length

    assert_close(
        call("percentrank", bars, values, length), rolling(values, length + 1, rank)
    )


def test_the_extreme_percentiles_are_the_extremes() -> None:
    bars = bars_of(2)

    lowest = call("percentile", bars, bars.close, 20, 0.0)
    highest = call("percentile", bars, bars.close, 20, 100.0)

    assert_close(lowest, rolling(bars.close, 20, min))
    assert_close(highest, rolling(bars.close, 20, max))


@pytest.mark.parametrize("length", [2, 20])
def test_zscore_is_the_distance_in_population_deviations(length: int) -> None:
    bars = bars_of(3)

    def score(window: Window) -> float:
        return (window[-1] - statistics.fmean(window)) / statistics.pstdev(window)

    values = call("zscore", bars, bars.close, length)

    np.testing.assert_allclose(
        values, rolling(bars.close, length, score), rtol=1e-6, atol=1e-6
    )


def test_a_flat_window_has_no_zscore() -> None:
    bars = bars_of(3)

    assert np.isnan(call("zscore", bars, np.full(160, 7.1), 20)).all()


@pytest.mark.parametrize("length", [2, 20])
def test_beta_is_the_slope_of_relative_changes(length: int) -> None:
    bars = bars_of(4)
    x = bars.volume[1:] / bars.volume[:-1] - 1
    y = bars.close[1:] / bars.close[:-1] - 1
    expected = [NAN] * length
    for end in range(length, len(x) + 1):
        window = slice(end - length, end)
        dx, dy = x[window] - x[window].mean(), y[window] - y[window].mean()
        expected.append((dx * dy).sum() / (dx * dx).sum())

    values = call("beta", bars, bars.close, bars.volume, length)

    np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("length", LENGTHS)
def test_sum_adds_the_window_and_cum_everything(length: int) -> None:
    bars, values = bars_of(5), _rough(5)
    defined = np.isfinite(values)
    total = [
        sum(v for v in values[: bar + 1] if np.isfinite(v))
        if defined[: bar + 1].any()
        else NAN
        for bar in range(len(values))
    ]

    assert_close(call("sum", bars, values, length), rolling(values, length, sum))
    assert_close(call("cum", bars, values), total)
