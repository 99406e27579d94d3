import numpy as np

from strategies.indicators.crossings import crossover, crossunder

NAN = np.nan


def test_a_crossing_is_the_first_bar_on_the_other_side() -> None:
    a = np.array([1.0, 3.0, 4.0, 1.0])
    b = np.array([2.0, 2.0, 2.0, 2.0])

    assert crossover(a, b).tolist() == [False, True, False, False]
    assert crossunder(a, b).tolist() == [False, False, False, True]


def test_a_level_can_be_crossed() -> None:
    a = np.array([1.0, 3.0, 1.0])

    assert crossover(a, 2.0).tolist() == [False, True, False]
    assert crossunder(a, 2.0).tolist() == [False, False, True]


def test_touching_is_not_crossing_but_leaving_the_touch_is() -> None:
    a = np.array([1.0, 2.0, 3.0, 2.0, 3.0])

    assert crossover(a, 2.0).tolist() == [False, False, True, False, True]
    assert crossunder(a, 2.0).tolist() == [False] * 5


def test_nothing_crosses_from_or_to_nan() -> None:
    a = np.array([NAN, 3.0, NAN, 3.0, 1.0])

    assert crossover(a, 2.0).tolist() == [False] * 5
    assert crossunder(a, 2.0).tolist() == [False, False, False, False, True]


def test_no_bars_have_no_crossings() -> None:
    assert len(crossover(np.empty(0), 1.0)) == 0
