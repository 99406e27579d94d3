"""Real files and files that were damaged on purpose, against their counts."""

import json
from functools import cache
from typing import Any

import pytest

from botforge.errors import InvalidInput
from marketdata.cleaning import Cleaned, clean
from marketdata.formats.detection import detect
from marketdata.gaps import find_gaps
from marketdata.tests.candles import NOW_MS, SHARED, same
from marketdata.timeframes import Timeframe

pytestmark = pytest.mark.skipif(
    not (SHARED / "manifest.json").exists(),
    reason="the shared data set is not beside the repository",
)


@cache
def facts(name: str) -> dict[str, Any]:
    manifest = json.loads((SHARED / "manifest.json").read_text())
    found: dict[str, Any] = next(f for f in manifest["files"] if f["file"] == name)
    return found


def read(name: str) -> Cleaned:
    path = SHARED / name
    timeframe = Timeframe.parse(facts(name)["interval"])
    return clean(detect(path).read(path), timeframe, NOW_MS)


@pytest.mark.parametrize(
    "name",
    [
        "freqtrade_feather/binance_2023/BTC_USDT-5m.feather",
        "freqtrade_feather/binance_2023/BTC_USDT-15m.feather",
        "freqtrade_feather/binance_2023/BTC_USDT-1h.feather",
        "freqtrade_feather/testdata/ADA_BTC-5m.feather",
        "freqtrade_feather/testdata/XRP_USDT_USDT-1h-futures.feather",
        "corrupt/clean_reference.csv",
        "corrupt/gaps.csv",
    ],
)
def test_bars_and_gaps_are_as_counted_independently(name: str) -> None:
    cleaned = read(name)
    gaps = find_gaps(cleaned.ohlcv.time, Timeframe.parse(facts(name)["interval"]))

    assert cleaned.rejected == {}
    assert len(cleaned.ohlcv) == facts(name)["rows"]
    assert (gaps.places, gaps.missing_bars) == (
        facts(name)["gaps"],
        facts(name)["missing_bars"],
    )


@pytest.mark.parametrize(
    "name",
    [
        "missing_values",
        "ohlc_violations",
        "nonpositive",
        "duplicates_identical",
        "duplicates_conflicting",
        "off_grid",
        "mixed_interval",
    ],
)
def test_each_defect_is_counted_under_its_name(name: str) -> None:
    file = f"corrupt/{name}.csv"
    expected = facts(file)["bad"] | {
        key: facts(file)[key]
        for key in ("off_grid", "duplicates_identical", "duplicates_conflicting")
    }

    cleaned = read(file)

    assert cleaned.rejected == {k: n for k, n in expected.items() if n}
    assert cleaned.rows == facts(file)["rows"]


@pytest.mark.parametrize(
    "name",
    [
        "descending",
        "out_of_order",
        "column_order",
        "epoch_s",
        "epoch_us",
        "epoch_ns",
        "mixed_ms_us",
        "iso_z",
        "iso_offset",
        "duplicates_identical",
        "repeated_header",
    ],
)
def test_a_file_written_another_way_gives_the_same_candles(name: str) -> None:
    clean_slice = read("corrupt/clean_reference.csv").ohlcv

    assert same(read(f"corrupt/{name}.csv").ohlcv, clean_slice)


@pytest.mark.parametrize(
    ("name", "rejected", "kept"),
    [
        ("european", {"nan": 480}, 0),
        ("thousands_quoted", {"ragged": 480}, 0),
        ("truncated_line", {"ragged": 1}, 479),
        ("ragged_rows", {"ragged": 4}, 476),
        ("repeated_header", {"bad_timestamp": 2}, 480),
        ("absurd_timestamps", {"bad_timestamp": 2, "unfinished": 1}, 477),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused_row_by_row(
    name: str, rejected: dict[str, int], kept: int
) -> None:
    cleaned = read(f"corrupt/{name}.csv")

    assert cleaned.rejected == rejected
    assert len(cleaned.ohlcv) == kept


@pytest.mark.parametrize("name", ["no_header.csv", "truncated.csv.gz", "empty.csv"])
def test_a_file_that_is_no_table_with_a_header_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="is not a candle file|is empty"):
        detect(SHARED / "corrupt" / name)
