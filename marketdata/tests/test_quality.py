from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketdata.gaps import find_gaps
from marketdata.markets import ALWAYS, EXCHANGE
from marketdata.ohlcv import Ohlcv
from marketdata.quality import LISTED, QualityReport, check
from marketdata.tests.candles import HOUR, START, candles, candles_at
from marketdata.timeframes import DAY_MS, Timeframe

ONE_HOUR = Timeframe.parse("1h")


def checked(ohlcv: Ohlcv) -> QualityReport:
    return check(ohlcv, ONE_HOUR, ALWAYS)


def altered(ohlcv: Ohlcv, bars: slice, **values: Any) -> Ohlcv:
    """Return the candles with these values in these bars."""
    columns = {name: getattr(ohlcv, name).copy() for name in values}
    for name, value in values.items():
        columns[name][bars] = value
    return replace(ohlcv, **columns)


def scaled(ohlcv: Ohlcv, bars: slice, factor: float) -> Ohlcv:
    """Return the candles with the prices of these bars times a factor."""
    columns = {n: getattr(ohlcv, n).copy() for n in ("open", "high", "low", "close")}
    for column in columns.values():
        column[bars] *= factor
    return replace(ohlcv, **columns)


def test_candles_without_a_fault_are_an_a() -> None:
    report = checked(candles(1000))

    assert report.grade == "A"
    assert set(report.grades.values()) == {"A"}
    assert (report.bars, report.expected_bars, report.coverage) == (1000, 1000, 1.0)
    assert all(places == () for places in report.listed.values())


@pytest.mark.parametrize(
    ("missing", "grade"),
    [(1, "A"), (5, "B"), (20, "C"), (50, "D"), (150, "E"), (151, "F")],
)
def test_the_share_of_missing_bars_makes_the_grade(missing: int, grade: str) -> None:
    kept = np.delete(np.arange(1000), slice(400, 400 + missing))

    report = checked(candles_at(START + HOUR * kept))

    assert report.grades["missing"] == report.grade == grade
    assert report.missing_bars == missing
    assert report.coverage == pytest.approx(1 - missing / 1000)
    (place,) = report.listed["gaps"]
    assert (place.start, place.bars, place.kind) == (
        "2023-01-18T16:00:00Z",
        missing,
        "gap",
    )


@given(st.sets(st.integers(0, 400), min_size=1, max_size=400))
def test_gaps_are_counted_as_imports_count_them(hours: set[int]) -> None:
    time = START + HOUR * np.array(sorted(hours))

    report = checked(candles_at(time))

    gaps = find_gaps(time, ONE_HOUR)
    assert (report.gaps, report.missing_bars) == (gaps.places, gaps.missing_bars)


@pytest.mark.parametrize(("bars", "runs"), [(4, 0), (5, 1), (30, 1)])
def test_a_price_that_stands_still_is_a_flat_run(bars: int, runs: int) -> None:
    still = slice(100, 101 + bars)
    prices = dict.fromkeys(("open", "high", "low", "close"), 100.0)

    report = checked(altered(candles(1000), still, **prices))

    # The first of them has moved to the price: it is not still.
    assert (report.flat_runs, report.flat_bars) == (runs, bars * runs)


@pytest.mark.parametrize(("bars", "runs"), [(4, 0), (5, 1), (600, 1)])
def test_bars_without_a_trade_are_a_run(bars: int, runs: int) -> None:
    report = checked(altered(candles(1000), slice(100, 100 + bars), volume=0.0))

    assert (report.no_volume_runs, report.no_volume_bars) == (runs, bars * runs)
    assert report.grade == ("F" if bars == 600 else "A")


@pytest.mark.parametrize("volume", [0.0, np.nan])
def test_a_market_without_volume_is_not_judged_by_it(volume: float) -> None:
    report = checked(altered(candles(1000), slice(None), volume=volume))

    assert (report.has_volume, report.no_volume_bars, report.grade) == (False, 0, "A")


@pytest.mark.parametrize("factor", [100.0, 0.01])
def test_a_price_that_leaps_and_returns_is_one_spike(factor: float) -> None:
    report = checked(scaled(candles(1000), slice(500, 501), factor))

    (place,) = report.listed["spikes"]
    assert (place.start, place.kind) == ("2023-01-22T20:00:00Z", "spike")
    assert (report.spikes, report.grades["spikes"]) == (1, "D")


def test_a_price_that_leaps_and_stays_is_a_step() -> None:
    report = checked(scaled(candles(1000), slice(500, None), 7.0))

    assert [place.kind for place in report.listed["spikes"]] == ["step"]


def test_two_spikes_in_a_row_of_bars_are_two() -> None:
    one = scaled(candles(1000), slice(500, 501), 100.0)

    report = checked(scaled(one, slice(503, 504), 0.01))

    assert [place.kind for place in report.listed["spikes"]] == ["spike", "spike"]


def test_a_crash_of_a_sixth_in_an_hour_is_a_market_not_a_fault() -> None:
    assert checked(scaled(candles(1000), slice(500, None), 0.83)).spikes == 0


@pytest.mark.parametrize(
    "values",
    [
        {"high": 1.0},
        {"low": 1e6},
        {"close": 1e6},
        {"open": np.nan},
        {"low": 0.0},
        {"high": np.inf},
        {"volume": -1.0},
    ],
)
def test_a_bar_that_no_market_can_make_is_a_violation(values: dict[str, float]) -> None:
    report = checked(altered(candles(1000), slice(500, 501), **values))

    assert (report.violations, report.grades["violations"]) == (1, "D")
    assert report.listed["violations"][0].kind == "violation"


def test_the_longest_places_are_listed_and_all_are_counted() -> None:
    kept = np.delete(np.arange(2000), [*range(1, 1000, 2), 1501, 1502])

    report = checked(candles_at(START + HOUR * kept))

    assert report.gaps == 501
    assert len(report.listed["gaps"]) == LISTED
    assert max(place.bars for place in report.listed["gaps"]) == 2


def test_a_holiday_is_listed_and_does_not_count() -> None:
    every = np.arange(280)
    kept = (every % 7 < 5) & (every != 3)
    ohlcv = candles_at(START + DAY_MS * every[kept])

    report = check(ohlcv, Timeframe.parse("1d"), EXCHANGE)

    assert (report.grade, report.gaps, report.holidays) == ("A", 0, 1)
    assert [place.kind for place in report.listed["gaps"]] == ["holiday"]


@pytest.mark.parametrize("bars", [0, 1, 2, 3])
def test_hardly_any_bars_are_checked_too(bars: int) -> None:
    report = checked(candles(bars))

    assert (report.bars, report.gaps, report.spikes) == (bars, 0, 0)
