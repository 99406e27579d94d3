"""Charts that need no script."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtests.reports import numbers
from backtests.reports.scales import Scale, time_ticks
from backtests.reports.sketch import POINTS, UP, Line, Point, path_of, time_sketch

DAY = 86_400_000
NEW_YEAR = 1_704_067_200_000


def test_a_path_goes_upwards_and_breaks_where_there_is_nothing() -> None:
    y = np.array([0.0, 0.5, np.nan, 1.0, 0.25])

    d = path_of(np.linspace(0, 1, 5), y)

    assert d == "M0 1000L250 500M750 0L1000 750"


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.floats(1e-9, 1e9))
def test_ticks_are_few_round_and_inside(low: float, span: float) -> None:
    scale = Scale(low, low + span)
    if scale.high - scale.low < abs(low) * 1e-9:
        return

    ticks = scale.ticks()

    assert 1 <= len(ticks) <= 7
    assert all(scale.low - span * 1e-6 <= t <= scale.high + span * 1e-6 for t in ticks)
    assert ticks == sorted(set(ticks))


def test_ticks_are_one_two_or_five_times_a_power_of_ten() -> None:
    assert Scale(0.03, 0.99).ticks() == [0.2, 0.4, 0.6, 0.8]
    assert Scale(-1300.0, 1300.0).ticks() == [-1000, 0, 1000]


def test_a_flat_line_lies_in_the_middle() -> None:
    scale = Scale.of(np.full(5, 100.0))

    assert (scale.low, scale.high) == pytest.approx((95, 105))


def test_no_values_at_all_still_make_a_scale() -> None:
    scale = Scale.of(np.full(3, np.nan))

    assert (scale.low, scale.high) == (0, 1)


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (0.25, ["01 Jan", "03:00", "06:00"]),
        (5, ["01 Jan", "02 Jan", "03 Jan", "04 Jan", "05 Jan", "06 Jan"]),
        (120, ["Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024"]),
        (3 * 365, ["2024", "2025", "2026"]),
    ],
)
def test_times_are_labelled_where_the_calendar_turns(
    days: float, labels: list[str]
) -> None:
    ticks = time_ticks(NEW_YEAR, NEW_YEAR + int(days * DAY))

    assert [label for _, label in ticks] == labels


def test_a_long_line_is_drawn_with_few_points_and_its_extremes() -> None:
    values = np.zeros(100_000)
    values[31_415] = 1.0
    line = Line("equity", np.arange(100_000) * 60_000, values)

    sketch = time_sketch("A line.", [line], numbers.tick)

    (path,) = sketch.paths
    assert path.d.count("L") <= POINTS + 1
    heights = [float(pair.split()[1]) for pair in path.d[1:].split("L")]
    assert min(heights) < 100 < 900 < max(heights)


def test_a_mark_lies_where_its_value_is() -> None:
    line = Line("price", np.array([0, 1000]), np.array([10.0, 20.0]))

    sketch = time_sketch(
        "Two points.",
        [line],
        numbers.tick,
        points=[Point("enter-long", UP, 500, 15.0)],
    )

    (mark,) = sketch.marks
    assert (mark.role, mark.x, mark.y) == ("enter-long", "50.00%", "50.00%")
