import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketdata.gaps import Gaps, find_gaps
from marketdata.tests.candles import HOUR
from marketdata.timeframes import Timeframe

ONE_HOUR = Timeframe.parse("1h")


@pytest.mark.parametrize(
    ("hours", "gaps"),
    [
        ([], Gaps(0, 0)),
        ([5], Gaps(0, 0)),
        ([0, 1, 2, 3], Gaps(0, 0)),
        ([0, 2], Gaps(1, 1)),
        ([0, 1, 5, 6], Gaps(1, 3)),
        ([0, 2, 4], Gaps(2, 2)),
    ],
)
def test_a_place_without_bars_counts_once_and_each_missing_bar_too(
    hours: list[int], gaps: Gaps
) -> None:
    assert find_gaps(np.array(hours, np.int64) * HOUR, ONE_HOUR) == gaps


def test_part_of_a_bar_counts_as_a_bar() -> None:
    assert find_gaps(np.array([0, HOUR + 1]), ONE_HOUR) == Gaps(1, 1)


@given(st.sets(st.integers(0, 200), min_size=1))
def test_missing_bars_fill_the_span(hours: set[int]) -> None:
    ordered = sorted(hours)
    absent = set(range(ordered[0], ordered[-1])) - hours
    begins = sum(hour - 1 in hours for hour in absent)

    gaps = find_gaps(np.array(ordered, np.int64) * HOUR, ONE_HOUR)

    assert gaps == Gaps(begins, len(absent))
