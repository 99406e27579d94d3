"""Events and state, example by example and against plain loops."""

import numpy as np
import pytest
from numpy.typing import NDArray

from strategies.tests.functions.comparing import NAN, assert_close, bars_of, call
from strategies.tests.functions.drawing import HOUR_MS, random_series

BARS = bars_of(1)
T, F = True, False


def _flags(*values: bool) -> NDArray[np.bool_]:
    return np.array(values, dtype=np.bool_)


def _random(
    seed: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    values = random_series(160, rng, rough=True)
    return rng.random(160) < 0.2, rng.random(160) < 0.1, values


def test_cross_is_either_direction() -> None:
    a, b = np.array([1.0, 3, 3, 1, 2, 2]), np.full(6, 2.0)

    assert call("cross", BARS, a, b).tolist() == [F, T, F, T, F, F]
    assert call("crossover", BARS, a, b).tolist() == [F, T, F, F, F, F]
    assert call("crossunder", BARS, a, b).tolist() == [F, F, F, T, F, F]


def test_rising_needs_every_change_to_be_upwards() -> None:
    values = np.array([1.0, 2, 3, 3, 4, 5, NAN, 6, 7])

    assert call("rising", BARS, values, 2).tolist() == [F, F, T, F, F, T, F, F, F]
    assert call("falling", BARS, -values, 2).tolist() == [F, F, T, F, F, T, F, F, F]


def test_change_is_the_difference_from_some_bars_ago() -> None:
    values = np.array([1.0, 2, 4, NAN, 9])

    assert_close(call("change", BARS, values, 2), [NAN, NAN, 3, NAN, 5])


def test_barssince_is_zero_on_the_bar_and_undefined_before() -> None:
    happened = _flags(F, T, F, F, T)

    assert_close(call("barssince", BARS, happened), [NAN, 0, 1, 2, 0])


def test_valuewhen_looks_back_over_so_many_occurrences() -> None:
    happened, values = _flags(F, T, F, T, T, F), np.array([1.0, 2, 3, 4, 5, 6])

    assert_close(call("valuewhen", BARS, happened, values, 0), [NAN, 2, 2, 4, 5, 5])
    assert_close(call("valuewhen", BARS, happened, values, 1), [NAN] * 3 + [2, 4, 4])


def test_streak_counts_trues_in_a_row() -> None:
    assert call("streak", BARS, _flags(T, T, F, T, T, T)).tolist() == [1, 2, 0, 1, 2, 3]


def test_a_reset_of_a_latch_wins_a_tie() -> None:
    set_, reset = _flags(F, T, F, F, T, F, T), _flags(T, F, F, T, T, F, F)

    assert call("latch", BARS, set_, reset).tolist() == [F, T, T, F, F, F, T]


def test_once_per_is_the_first_true_bar_of_each_period() -> None:
    bars = BARS._replace(time=np.array([22, 23, 24, 25, 47, 48]) * HOUR_MS)

    first = call("once_per", bars, _flags(F, T, F, T, T, T), "1d")

    assert first.tolist() == [F, T, F, T, F, T]


@pytest.mark.parametrize("seed", range(10))
def test_latch_equals_a_switch_turned_bar_by_bar(seed: int) -> None:
    set_, reset, _ = _random(seed)
    on, expected = False, []
    for up, down in zip(set_, reset, strict=True):
        on = (on or up) and not down
        expected.append(on)

    assert call("latch", BARS, set_, reset).tolist() == expected


@pytest.mark.parametrize("seed", range(10))
def test_since_equals_the_statistics_of_the_stretch(seed: int) -> None:
    _, reset, values = _random(seed)
    expected: dict[str, list[float]] = {
        mode: [] for mode in ("max", "min", "sum", "first", "count", "mean")
    }
    for bar in range(len(values)):
        starts = np.flatnonzero(reset[: bar + 1])
        stretch = values[starts[-1] : bar + 1] if len(starts) else values[:0]
        known = [float(v) for v in stretch if np.isfinite(v)]
        begun = len(stretch) > 0
        expected["max"].append(max(known, default=NAN))
        expected["min"].append(min(known, default=NAN))
        expected["sum"].append(sum(known) if begun else NAN)
        expected["first"].append(stretch[0] if begun else NAN)
        expected["count"].append(len(known) if begun else NAN)
        expected["mean"].append(sum(known) / len(known) if known else NAN)

    for mode, answers in expected.items():
        assert_close(call("since", BARS, reset, mode, values), answers)


@pytest.mark.parametrize("seed", range(10))
def test_ratchet_only_moves_one_way_between_resets(seed: int) -> None:
    _, reset, values = _random(seed)
    highest, lowest = [], []
    for bar in range(len(values)):
        starts = np.flatnonzero(reset[: bar + 1])
        stretch = values[starts[-1] if len(starts) else 0 : bar + 1]
        known = [float(v) for v in stretch if np.isfinite(v)]
        highest.append(max(known, default=NAN))
        lowest.append(min(known, default=NAN))

    assert_close(call("ratchet", BARS, values, "up", reset), highest)
    assert_close(call("ratchet", BARS, values, "down", reset), lowest)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("left", "right"), [(1, 1), (3, 2), (2, 5)])
def test_a_pivot_is_shown_when_the_bars_after_it_have_confirmed_it(
    left: int, right: int, seed: int
) -> None:
    _, _, values = _random(seed)
    peaks, troughs = [NAN] * len(values), [NAN] * len(values)
    for bar in range(left + right, len(values)):
        place = bar - right
        before, after = values[place - left : place], values[place + 1 : bar + 1]
        if not np.isfinite(values[place - left : bar + 1]).all():
            continue
        if values[place] > before.max() and values[place] >= after.max():
            peaks[bar] = values[place]
        if values[place] < before.min() and values[place] <= after.min():
            troughs[bar] = values[place]

    assert_close(call("pivothigh", BARS, values, left, right), peaks)
    assert_close(call("pivotlow", BARS, values, left, right), troughs)


def test_of_a_flat_top_the_first_bar_is_the_pivot() -> None:
    values = np.array([1.0, 2, 3, 3, 1, 0])

    assert_close(call("pivothigh", BARS, values, 1, 1), [NAN] * 3 + [3, NAN, NAN])
