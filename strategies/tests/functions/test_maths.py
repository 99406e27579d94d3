"""Logic and maths in the corners where a trader's answer differs from NumPy's."""

import numpy as np

from strategies.tests.functions.comparing import NAN, bars_of, call

BARS = bars_of(1)
INF = np.inf


def _of(name: str, *values: float) -> list[float]:
    result: list[float] = call(name, BARS, np.array(values)).tolist()
    return result


def test_halves_are_rounded_away_from_zero() -> None:
    below_half = 0.49999999999999994

    assert _of("round", 0.5, 1.5, 2.5, -0.5, -2.5) == [1, 2, 3, -1, -3]
    assert _of("round", below_half, 1e300, -1.2, 0.0) == [0, 1e300, -1, 0]


def test_what_is_not_a_real_number_is_undefined() -> None:
    np.testing.assert_equal(_of("log", 1.0, 0.0, -1.0, NAN), [0, NAN, NAN, NAN])
    np.testing.assert_equal(_of("sqrt", 4.0, 0.0, -1.0, NAN), [2, 0, NAN, NAN])
    assert _of("exp", 0.0, 1000.0) == [1, INF]


def test_nz_replaces_what_is_undefined_or_infinite() -> None:
    values = np.array([1.0, NAN, INF, -INF, 0.0])

    assert call("nz", BARS, values, 7.0).tolist() == [1, 7, 7, 7, 0]


def test_clip_keeps_the_value_between_moving_bounds() -> None:
    values, low, high = np.array([1.0, 5, 9]), np.array([2.0, 2, 2]), np.full(3, 8.0)

    assert call("clip", BARS, values, low, high).tolist() == [2, 5, 8]


def test_where_chooses_bar_by_bar() -> None:
    chosen = call("where", BARS, np.array([True, False]), np.ones(2), np.full(2, NAN))

    np.testing.assert_equal(chosen, [1, NAN])


def test_the_lesser_the_greater_and_the_mean_of_two() -> None:
    a, b = np.array([1.0, 4, NAN]), np.array([3.0, 2, 1])

    np.testing.assert_equal(call("min", BARS, a, b), [1, 2, NAN])
    np.testing.assert_equal(call("max", BARS, a, b), [3, 4, NAN])
    np.testing.assert_equal(call("avg", BARS, a, b), [2, 3, NAN])


def test_signs_sizes_and_whole_numbers() -> None:
    assert _of("sign", -2.5, 0.0, 2.5) == [-1, 0, 1]
    assert _of("abs", -2.5, 2.5) == [2.5, 2.5]
    assert _of("floor", -2.5, 2.5) == [-3, 2]
    assert _of("ceil", -2.5, 2.5) == [-2, 3]
