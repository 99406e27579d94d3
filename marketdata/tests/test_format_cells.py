import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketdata.formats.cells import numbers
from marketdata.formats.moments import moments

MOMENT = 1_672_531_200_000  # 2023-01-01T00:00:00Z


def number(text: str) -> float:
    """Read one cell beside one that is no number, and alone; both must agree."""
    alone = numbers(pa.array([text]))[0]
    beside = numbers(pa.array(["?", text]))[1]
    np.testing.assert_equal(alone, beside)
    return float(alone)


def time(text: str) -> float:
    alone = moments(pa.array([text])).time[0]
    beside = moments(pa.array(["?", text])).time[1]
    np.testing.assert_equal(alone, beside)
    return float(alone)


@given(st.floats(allow_nan=False))
def test_a_float_comes_back_to_the_last_bit(value: float) -> None:
    assert number(repr(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("+5", 5.0),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("1E-3", 0.001),
        (" 1.5\t", 1.5),
        ('"1.5"', 1.5),
        ("16541.77", 16541.77),
        ("0.30000000000000004", 0.30000000000000004),
        ("9007199254740993", 9007199254740992.0),
        ("inf", float("inf")),
        ("-Infinity", float("-inf")),
        ("1e400", float("inf")),
    ],
)
def test_a_number_is_the_nearest_float(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "nan", "NaN", "null", "-", "1,5", "1,234.5", "1.234,5", "1_000", "0x10"]
    + ["1 000", "$1", "1%", "True", "1e", "1.2.3", "٣", "1\x00", "−1", "1;2", "10k"],
)
def test_anything_else_is_no_number(text: str) -> None:
    assert np.isnan(number(text))


@pytest.mark.parametrize(
    "text",
    [
        "1672531200",
        "1672531200000",
        "1672531200000000",
        "1672531200000000000",
        "1672531200.0",
        '"1672531200"',
        "2023-01-01",
        "2023-01-01T00:00:00Z",
        "2023-01-01 00:00:00",
        "2023-01-01 00:00",
        "2023-01-01T00:00:00.000000",
        "2023-01-01T05:30:00+05:30",
        "2022-12-31T19:00:00-0500",
        "2023-01-01 00:00:00 +00:00",
        "2023-1-1",
        "2023/1/1 0:00",
        "2023.01.01 00:00",
    ],
)
def test_one_moment_may_be_written_in_many_ways(text: str) -> None:
    assert time(text) == MOMENT


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1672531199999", MOMENT - 1),
        ("1672531199999999", MOMENT - 1),
        ("1672531199999999999", MOMENT - 1),
        ("2022-12-31T23:59:59.999999Z", MOMENT - 1),
        ("2022-12-31T23:59:59.999999999Z", MOMENT - 1),
    ],
)
def test_the_last_instant_of_a_bar_is_not_the_next_open(
    text: str, milliseconds: int
) -> None:
    assert time(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    ["", "now", "today", "NaT", "nan", "--1", "1.67253E+12", "1672531200.5", "٢٠٢٣"]
    + ["1/2/2023", "2023-13-01", "2023-02-30", "2023-01-01T25:00", "23-1-1"]
    + ["2023-01", "2023-01-01T00:00:60", "12023-01-01", "9" * 20, "0x10g"],
)
def test_anything_else_is_no_time(text: str) -> None:
    assert np.isnan(time(text))


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31T23:59:59Z", "9" * 19])
def test_a_far_time_is_far(text: str) -> None:
    assert abs(time(text)) > 9e12


def test_a_time_of_nanoseconds_does_not_spoil_the_others() -> None:
    found = moments(pa.array(["2023-01-01T00:00:00.000000001Z", "2023-01-01"]))

    assert found.time.tolist() == [MOMENT, MOMENT]


def test_numbers_and_iso_dates_may_stand_in_one_column() -> None:
    found = moments(pa.array(["1672531200", "2023-01-01", "?"]))

    assert found.time[:2].tolist() == [MOMENT, MOMENT]
    assert np.isnan(found.time[2])
