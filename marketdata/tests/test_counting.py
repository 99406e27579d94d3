"""The counts of a file, as the manifest of the reference data defines them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketdata.cleaning import RawCandles
from marketdata.counting import count, count_months
from marketdata.tests.candles import HOUR, START, raw
from marketdata.timeframes import Timeframe

ONE_HOUR, ONE_DAY = Timeframe.parse("1h"), Timeframe.parse("1d")
DAY = 24 * HOUR
NAN = float("nan")


def at(*hours: float) -> RawCandles:
    return raw(time=[START + HOUR * hour for hour in hours])


def test_a_file_without_rows_counts_nothing() -> None:
    counts = count(RawCandles.empty(), ONE_HOUR)

    assert (counts.rows, counts.gaps, counts.first_ms) == (0, 0, None)


def test_a_step_above_the_timeframe_is_a_gap_rounded_up() -> None:
    counts = count(at(0, 1, 4, 5.5), ONE_HOUR)

    assert (counts.gaps, counts.missing_bars) == (2, 3)
    assert counts.off_grid == 1


def test_a_row_earlier_than_the_one_before_is_out_of_order() -> None:
    assert count(at(3, 2, 1, 5, 4), ONE_HOUR).out_of_order == 3


def test_a_repeat_is_identical_to_any_row_before_it() -> None:
    rows = raw(time=[START] * 4, close=[11.0, 11.5, 11.5, 11.0])

    counts = count(rows, ONE_HOUR)

    assert (counts.duplicates_identical, counts.duplicates_conflicting) == (2, 1)
    assert counts.unique_ts == 1


def test_missing_values_are_the_same_missing_values() -> None:
    rows = raw(time=[START] * 2, close=[NAN, NAN])

    assert count(rows, ONE_HOUR).duplicates_identical == 1


def test_a_row_counts_under_each_of_its_faults_but_once() -> None:
    rows = raw(time=NAN, open=-1.0, high=5.0, low=0.0, volume=-1.0)

    counts = count(rows, ONE_HOUR)

    assert counts.bad_rows == 1
    assert {name for name, number in counts.bad.items() if number} == {
        "bad_timestamp",
        "nonpositive_price",
        "ohlc_violation",
        "negative_volume",
    }


def test_days_without_a_weekend_are_those_of_an_exchange() -> None:
    # Two weeks of Mondays to Fridays without a Tuesday, and without Thursday, Friday.
    days = [0, 2, 3, 4, 7, 8, 9, 14]
    rows = raw(time=[START + DAY * day for day in days])

    counts = count(rows, ONE_DAY)

    assert (counts.gaps, counts.missing_bars, counts.off_grid) == (2, 3, None)


@pytest.mark.parametrize("days", [[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4]])
def test_days_with_a_weekend_or_within_one_week_are_all_days(days: list[int]) -> None:
    rows = raw(time=[START + DAY * day for day in days])

    assert count(rows, ONE_DAY).off_grid == 0


def test_days_within_one_week_may_be_known_to_be_weekdays() -> None:
    monday_to_friday = raw(time=[START + DAY * day for day in (0, 1, 2, 4)])
    with_saturday = raw(time=[START + DAY * day for day in (0, 1, 2, 5)])

    assert count(monday_to_friday, ONE_DAY, weekdays=True).off_grid is None
    assert count(with_saturday, ONE_DAY, weekdays=True).off_grid == 0


def test_the_days_of_a_local_midnight_are_counted_by_date() -> None:
    days = START + DAY * np.array([0.0, 1, 2, 3, 4, 7, 8])
    rows = replace(raw(time=days - HOUR), day=days)

    counts = count(rows, ONE_DAY)

    assert (counts.gaps, counts.first_ms) == (0, START - HOUR)


def test_months_are_counted_by_the_calendar() -> None:
    ends = ["2023-01-31", "2023-02-28", "2023-05-31"]
    rows = raw(time=np.array(ends, "datetime64[ms]").astype(float))

    counts = count_months(rows)

    assert (counts.gaps, counts.missing_bars, counts.off_grid) == (1, 2, None)


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([9.5, 10.0, NAN]))))
def test_repeats_agree_with_a_plain_loop(rows: list[tuple[int, float]]) -> None:
    file = raw(time=[float(t) for t, _ in rows], close=[c for _, c in rows])
    seen: dict[int, set[str]] = {}
    identical = conflicting = 0
    for time, close in rows:
        known = seen.setdefault(time, set())
        identical += str(close) in known
        conflicting += bool(known) and str(close) not in known
        known.add(str(close))

    counts = count(file, ONE_HOUR)

    assert counts.duplicates_identical == identical
    assert counts.duplicates_conflicting == conflicting
