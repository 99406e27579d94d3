"""Real files and files that were damaged on purpose, against their counts.

Every file of the manifest runs through the command itself, which is told nothing but
the names that the file cannot know; each count must be that of the manifest.
"""

import json
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from marketdata.counting import Counts
from marketdata.models import Series
from marketdata.storage import read_candles
from marketdata.tests.candles import SHARED, same

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (SHARED / "manifest.json").exists(),
        reason="the shared data set is not beside the repository",
    ),
]
KEYS = (*Counts.NAMES, "first_ts_utc", "last_ts_utc")
BERLIN = ("local_naive_berlin_autumn", "local_naive_berlin_spring")
# Formats that go by one name here though the manifest tells them apart.
SAME_FORMAT = {
    "binance_vision_spot_klines": "binance_vision_klines",
    "binance_vision_spot_klines+header": "binance_vision_klines",
    "binance_vision_um_klines": "binance_vision_klines",
    "bitstamp_1min_kaggle_v2": "generic_csv",
    "generic_closetime_last_column": "generic_csv",
    "generic_date_ohlcv": "generic_csv",
    "lean_crypto_daily": "lean_crypto",
    "lean_crypto_hour": "lean_crypto",
    "yahoo_csv_mdy": "yahoo_csv",
    "yahoo_csv_reader_order": "yahoo_csv",
}


def manifest() -> list[Any]:
    path = SHARED / "manifest.json"
    files = json.loads(path.read_text())["files"] if path.exists() else []
    return [pytest.param(facts, id=facts["file"]) for facts in files]


def imported(name: str, symbol: str, *more: str) -> dict[str, Any]:
    """Import a file; return the object that the command prints."""
    out = StringIO()
    zone = ("--timezone", "Europe/Berlin") if "berlin" in name else ()
    names = ("--symbol", symbol, "--source", "test")
    # The reason is in the object as well.
    with suppress(CommandError):
        call_command(
            "import_candles",
            str(SHARED / name),
            *names,
            *zone,
            *more,
            "--json",
            stdout=out,
        )
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.mark.parametrize("facts", manifest())
def test_every_count_is_that_of_the_manifest(facts: dict[str, Any]) -> None:
    found = imported(facts["file"], facts["symbol"], "--dry-run")

    assert {k: found[k] for k in KEYS} == {k: facts.get(k) for k in KEYS}
    # The times of a single row do not tell how long a bar is.
    refused = not facts["rows"] or facts["rows"] == 1
    assert bool(found["error"]) == refused
    if not refused:
        assert found["timeframe"] == facts["interval"]
        assert found["format"] == SAME_FORMAT.get(facts["format"], facts["format"])
        assert (
            found["stored"]
            + sum(rejected["rows"] for rejected in found["rejected"].values())
            == found["rows"]
        )


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
        "no_header",
        "european",
    ],
)
def test_a_file_written_another_way_gives_the_same_candles(name: str) -> None:
    imported("corrupt/clean_reference.csv", "CLEAN")

    imported(f"corrupt/{name}.csv", "OTHER")

    clean, other = Series.objects.order_by("instrument__symbol")
    assert same(read_candles(clean, None, None), read_candles(other, None, None))
    assert clean.content_hash == other.content_hash


@pytest.mark.parametrize(
    ("name", "rejected", "stored"),
    [
        ("missing_values", {"nan": 7, "inf": 1}, 472),
        ("ohlc_violations", {"ohlc_violation": 9}, 471),
        ("nonpositive", {"nonpositive_price": 3, "negative_volume": 2}, 475),
        ("duplicates_identical", {"duplicates_identical": 7}, 480),
        ("duplicates_conflicting", {"duplicates_conflicting": 5}, 480),
        ("off_grid", {"off_grid": 12}, 468),
        ("mixed_interval", {"off_grid": 11}, 480),
        ("truncated_line", {}, 479),
        ("ragged_rows", {"nan": 2}, 478),
        ("absurd_timestamps", {"bad_timestamp": 2, "future": 1}, 477),
        ("thousands_quoted", {}, 480),
        ("price_spike", {}, 480),
    ],
)
def test_what_is_not_stored_is_counted_by_reason_with_its_lines(
    name: str, rejected: dict[str, int], stored: int
) -> None:
    found = imported(f"corrupt/{name}.csv", "BTCUSDT")

    counts = {reason: rows["rows"] for reason, rows in found["rejected"].items()}
    assert counts == rejected
    assert found["stored"] == found["new"] == stored
    assert all(rows["lines"] for rows in found["rejected"].values())


def test_lines_are_those_of_the_file() -> None:
    found = imported("corrupt/missing_values.csv", "BTCUSDT")

    # The rows that were spoilt, plus one for the header.
    assert found["rejected"]["nan"]["lines"] == [166, 190, 202, 220, 352]
    assert found["rejected"]["inf"]["lines"] == [460]


@pytest.mark.parametrize("name", BERLIN)
def test_wall_clock_times_are_right_on_both_sides_of_a_change(name: str) -> None:
    imported(f"corrupt/{name}.csv", "LOCAL")

    series = Series.objects.get()
    assert (series.bars, series.gaps) == (72, 0)


@pytest.mark.parametrize("name", ["truncated.csv.gz", "empty.csv", "header_only.csv"])
def test_a_file_without_candles_is_refused_in_one_sentence(name: str) -> None:
    found = imported(f"corrupt/{name}", "BTCUSDT")

    assert found["error"].startswith(f"“{name}”: ")
    assert found["stored"] == Series.objects.count() == 0


def test_bars_of_a_local_midnight_are_stored_under_their_date() -> None:
    imported("lean/equity_daily/spy.zip", "SPY")

    series = Series.objects.get()
    candles = read_candles(series, None, None)
    assert str(series.first) == "1998-01-02 00:00:00+00:00"
    assert candles.open[0] == 97.31


@pytest.mark.parametrize(
    ("name", "symbol", "calendar", "days", "gaps"),
    [
        ("lean/equity_daily/spy.zip", "SPY", "XNYS", 252, 0),
        ("lean/equity_daily/aapl.zip", "AAPL", "XNYS", 252, 0),
        ("yahoo/AAPL_2004_2018.csv.gz", "AAPL", "XNYS", 252, 0),
        # The two days whose rows are no candles: 2015-03-05 and 2015-03-30.
        ("yahoo/SPY_2008_2018.csv.gz", "SPY", "XNYS", 252, 2),
        ("yfinance/EWG_1d_divs.csv.gz", "EWG", "XNYS", 252, 0),
        ("yfinance/CALM_1d_divs.csv.gz", "CALM", "XNYS", 252, 0),
        ("yfinance/dirty/AET-L_1d_100x_error.csv", "AET.L", "XLON", 252, 0),
        ("yfinance/dirty/4063-T_1d_bad_split.csv", "4063.T", "XTKS", 252, 0),
        ("generic/GOOG_daily.csv.gz", "GOOG", "exchange", 252, 0),
        ("generic/EURUSD_1h.csv.gz", "EUR/USD", "fx", 260, 0),
        ("yahoo/BTC-USD_2017_2022.csv.gz", "BTC-USD", "24/7", 365, 0),
        ("yahoo/dirty/ETH-USD_mdy.csv.gz", "ETH-USD", "24/7", 365, 0),
    ],
)
def test_years_of_real_days_are_those_of_their_exchange(
    name: str, symbol: str, calendar: str, days: int, gaps: int
) -> None:
    imported(name, symbol)

    series = Series.objects.select_related("instrument").get()
    instrument = series.instrument
    assert (instrument.calendar, instrument.days_per_year) == (calendar, days)
    assert (series.gaps, series.missing_bars) == (gaps, gaps)
