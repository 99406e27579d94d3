from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketdata.cleaning import RawCandles, clean
from marketdata.tests.candles import HOUR, NOW_MS, START, candles, raw, same
from marketdata.timeframes import Timeframe

ONE_HOUR = Timeframe.parse("1h")
NAN, INF = float("nan"), float("inf")


def reasons(rows: RawCandles, timeframe: str = "1h") -> dict[str, int]:
    return clean(rows, Timeframe.parse(timeframe), NOW_MS).rejected


def test_good_rows_are_kept_as_they_are() -> None:
    good = candles(20)

    cleaned = clean(RawCandles(*(c.astype(float) for c in good)), ONE_HOUR, NOW_MS)

    assert same(cleaned.ohlcv, good)
    assert cleaned.rejected == {}
    assert cleaned.rows == 20


def test_a_file_without_rows_is_empty() -> None:
    cleaned = clean(RawCandles.empty(), ONE_HOUR, NOW_MS)

    assert (cleaned.rows, len(cleaned.ohlcv), cleaned.rejected) == (0, 0, {})


@pytest.mark.parametrize(
    "time",
    [NAN, INF, -INF, -1.0, 0.0, 315_532_799_999, 9_223_372_036_854, 1e19, 1e308],
)
def test_a_time_that_is_none_or_outside_1980_to_2262_is_refused(time: float) -> None:
    assert reasons(raw(time=time)) == {"bad_timestamp": 1}


@pytest.mark.parametrize("column", ["open", "high", "low", "close", "volume"])
def test_a_missing_value_is_refused(column: str) -> None:
    assert reasons(raw(**{column: NAN})) == {"nan": 1}


@pytest.mark.parametrize("column", ["open", "high", "low", "close", "volume"])
@pytest.mark.parametrize("value", [INF, -INF])
def test_an_infinite_value_is_refused(column: str, value: float) -> None:
    assert reasons(raw(**{column: value})) == {"inf": 1}


@pytest.mark.parametrize("column", ["open", "high", "low", "close"])
@pytest.mark.parametrize("price", [0.0, -0.0, -1.0])
def test_a_price_that_is_not_positive_is_refused(column: str, price: float) -> None:
    assert reasons(raw(**{column: price})) == {"nonpositive_price": 1}


@pytest.mark.parametrize(
    "prices",
    [
        {"high": 10.9},  # below the close
        {"low": 10.1},  # above the open
        {"open": 12.1},  # above the high
        {"close": 8.9},  # below the low
        {"high": 9.0, "low": 12.0},
    ],
)
def test_prices_outside_low_and_high_are_refused(prices: dict[str, float]) -> None:
    assert reasons(raw(**prices)) == {"ohlc_violation": 1}


def test_the_last_bit_of_an_exchanges_rounding_is_no_violation() -> None:
    assert reasons(raw(high=np.nextafter(11.0, 0), low=np.nextafter(10.0, 11))) == {}


def test_a_negative_volume_is_refused() -> None:
    assert reasons(raw(volume=-0.1)) == {"negative_volume": 1}


def test_a_volume_of_zero_is_a_candle() -> None:
    assert reasons(raw(volume=0.0)) == {}


def test_a_volume_of_minus_zero_is_stored_as_zero() -> None:
    cleaned = clean(raw(volume=-0.0), ONE_HOUR, NOW_MS)

    assert not np.signbit(cleaned.ohlcv.volume[0])


@pytest.mark.parametrize(
    "values",
    [
        {"high": 1e308},
        {"volume": 1e25},
        {"open": 1e25, "high": 1e26, "low": 1e25, "close": 1e25},
        {"low": 1e-30},
    ],
)
def test_a_value_beyond_any_market_is_refused(values: dict[str, float]) -> None:
    assert reasons(raw(**values)) == {"out_of_range": 1}


def test_the_largest_float_is_refused_without_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    huge = np.finfo(np.float64).max

    assert reasons(raw(open=huge, high=huge, low=huge, close=huge)) == {
        "out_of_range": 1
    }
    assert not recwarn.list


@pytest.mark.parametrize("late", [1, 1000, 1_800_000, HOUR - 1])
def test_a_time_between_two_opens_is_refused(late: int) -> None:
    assert reasons(raw(time=START + late)) == {"off_grid": 1}


def test_a_weekly_bar_that_does_not_open_on_monday_is_refused() -> None:
    monday_and_sunday = raw(time=[START, START + 6 * 24 * HOUR])

    assert reasons(monday_and_sunday, "1w") == {"off_grid": 1}


def test_a_bar_is_finished_when_its_close_is_not_after_now() -> None:
    rows = raw(time=START)

    assert clean(rows, ONE_HOUR, START + HOUR - 1).rejected == {"unfinished": 1}
    assert clean(rows, ONE_HOUR, START + HOUR).rejected == {}


@pytest.mark.parametrize("hours", [1, 24, 650_000])
def test_a_bar_that_opens_after_now_is_in_the_future(hours: int) -> None:
    assert reasons(raw(time=NOW_MS + hours * HOUR)) == {"future": 1}


def test_each_reason_has_the_first_few_lines() -> None:
    rows = replace(
        raw(close=[NAN, 11.0, NAN, NAN, NAN, NAN, NAN]), line=np.arange(10, 80, 10)
    )

    assert clean(rows, ONE_HOUR, NOW_MS).lines == {"nan": (10, 30, 40, 50, 60)}


def test_without_lines_rows_are_counted_from_one() -> None:
    rows = raw(close=[11.0, NAN], time=[START, START + HOUR])

    assert clean(rows, ONE_HOUR, NOW_MS).lines == {"nan": (2,)}


def test_a_day_of_a_local_midnight_is_stored_under_its_date() -> None:
    day = 24 * HOUR
    rows = replace(
        raw(time=[START - HOUR, START + day - 2 * HOUR]),
        day=np.array([START, START + day], float),
    )

    cleaned = clean(rows, Timeframe.parse("1d"), NOW_MS)

    assert cleaned.ohlcv.time.tolist() == [START, START + day]
    assert cleaned.rejected == {}


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ({"time": NAN, "open": NAN}, "bad_timestamp"),
        ({"open": NAN, "high": INF}, "nan"),
        ({"open": INF, "low": -1.0}, "inf"),
        ({"low": -1.0, "high": 1.0}, "nonpositive_price"),
        ({"high": 1.0, "volume": -1.0}, "ohlc_violation"),
        ({"volume": -1.0, "high": 1e30}, "negative_volume"),
        ({"volume": 1e30, "time": START + 1}, "out_of_range"),
        ({"time": NOW_MS + 1}, "off_grid"),
        ({"time": NOW_MS}, "unfinished"),
    ],
)
def test_a_row_of_two_faults_counts_under_the_first(
    faults: dict[str, float], reason: str
) -> None:
    assert reasons(raw(**faults)) == {reason: 1}


def test_a_row_that_repeats_another_is_an_identical_duplicate() -> None:
    cleaned = clean(raw(time=[START, START]), ONE_HOUR, NOW_MS)

    assert cleaned.rejected == {"duplicates_identical": 1}
    assert len(cleaned.ohlcv) == 1


def test_of_conflicting_rows_the_first_in_the_file_stays() -> None:
    cleaned = clean(raw(time=[START] * 3, close=[11.0, 11.5, 11.5]), ONE_HOUR, NOW_MS)

    assert cleaned.ohlcv.close.tolist() == [11.0]
    assert cleaned.lines == {
        "duplicates_identical": (3,),
        "duplicates_conflicting": (2,),
    }
    assert cleaned.rejected == {
        "duplicates_identical": 1,
        "duplicates_conflicting": 1,
    }


def test_a_refused_row_does_not_take_the_place_of_a_good_one() -> None:
    cleaned = clean(raw(time=[START, START], close=[NAN, 11.0]), ONE_HOUR, NOW_MS)

    assert cleaned.ohlcv.close.tolist() == [11.0]
    assert cleaned.rejected == {"nan": 1}


@pytest.mark.parametrize("order", [slice(None, None, -1), [3, 0, 4, 1, 2]])
def test_rows_in_any_order_come_out_in_time_order(order: slice | list[int]) -> None:
    good = candles(5)
    shuffled = RawCandles(*(column[order].astype(float) for column in good))

    assert same(clean(shuffled, ONE_HOUR, NOW_MS).ohlcv, good)


values = st.sampled_from([NAN, INF, -1.0, 0.0, 9.0, 10.0, 11.0, 12.0, 1e30])
moments = st.sampled_from([NAN, 0.0, START, START + HOUR, START + 1, NOW_MS])


@given(st.lists(st.tuples(moments, values, values, values, values, values)))
def test_the_counts_add_up_to_the_rows(rows: list[tuple[float, ...]]) -> None:
    columns = np.array(rows, dtype=float).reshape(-1, 6).T

    cleaned = clean(RawCandles(*columns), ONE_HOUR, NOW_MS)

    assert cleaned.rows == len(rows)
    assert len(cleaned.ohlcv) + sum(cleaned.rejected.values()) == len(rows)
    assert all(cleaned.rejected.values())
    assert np.isfinite(cleaned.ohlcv.close).all()
