import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from botforge.errors import Conflict, InvalidInput
from marketdata import storage
from marketdata.encoding import encode
from marketdata.merging import OnConflict
from marketdata.models import CandleBlock, ImportRun, Instrument, Series
from marketdata.ohlcv import Ohlcv
from marketdata.services.importing import Target, candles_import
from marketdata.storage import BLOCK_BARS, read_candles
from marketdata.tests.candles import (
    HEADER,
    HOUR,
    NOW,
    START,
    candles,
    candles_at,
    csv_file,
    same,
)

pytestmark = pytest.mark.django_db
TARGET = Target.of("binance", "BTC/USDT", "1h")


def run(
    path: Path,
    target: Target = TARGET,
    on_conflict: OnConflict = OnConflict.REPLACE,
) -> ImportRun:
    return candles_import(path=path, target=target, on_conflict=on_conflict, now=NOW)


def rows_in_database() -> list[int]:
    return [m.objects.count() for m in (Instrument, Series, CandleBlock, ImportRun)]


def test_a_file_becomes_a_series(tmp_path: Path) -> None:
    ohlcv = candles(100)

    imported = run(csv_file(tmp_path, ohlcv))

    series = Series.objects.get()
    assert str(series) == "BTC/USDT binance 1h"
    assert same(read_candles(series, None, None), ohlcv)
    assert (imported.rows, imported.new, imported.rejected) == (100, 100, {})
    assert (imported.format, imported.origin) == ("generic_csv", "candles.csv")
    assert imported.revision == series.revision == 1


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    path = csv_file(tmp_path, candles(100))
    first = run(path)

    second = run(path)

    assert (second.new, second.changed, second.unchanged) == (0, 0, 100)
    assert second.revision == first.revision
    assert second.series.content_hash == first.series.content_hash


def test_what_a_file_holds_of_bad_rows_is_recorded(tmp_path: Path) -> None:
    path = csv_file(tmp_path, candles(3))
    with path.open("a") as file:
        file.write(f"{START + 3 * HOUR},1,2,3,4,5\n{START + 4 * HOUR},x,1,1,1,1\n1,2\n")

    imported = run(path)

    assert imported.rejected == {"bad_timestamp": 1, "nan": 1, "ohlc_violation": 1}
    assert imported.rows == imported.new + 3


def test_a_bar_that_is_not_over_yet_is_left_for_the_next_import(tmp_path: Path) -> None:
    path = csv_file(tmp_path, candles(3))
    inside_the_last = datetime.fromtimestamp((START + 3 * HOUR - 1) / 1000, UTC)

    imported = candles_import(path=path, target=TARGET, now=inside_the_last)

    assert (imported.new, imported.rejected) == (2, {"unfinished": 1})


def test_without_a_moment_the_clock_decides(tmp_path: Path) -> None:
    this_hour = int(datetime.now(UTC).timestamp() * 1000) // HOUR * HOUR
    path = csv_file(tmp_path, candles(2, start=this_hour - 24 * HOUR, step=48 * HOUR))

    imported = candles_import(path=path, target=TARGET)

    assert imported.rejected == {"future": 1}


def test_an_exception_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = 0

    def second_fails(ohlcv: Ohlcv) -> bytes:
        nonlocal blocks
        blocks += 1
        if blocks == 2:
            raise RuntimeError("the disk is full")
        return encode(ohlcv)

    path = csv_file(tmp_path, candles(2 * BLOCK_BARS))
    monkeypatch.setattr(storage, "encode", second_fails)

    with pytest.raises(RuntimeError, match="the disk is full"):
        run(path)

    assert rows_in_database() == [0, 0, 0, 0]


def test_a_conflict_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    run(csv_file(tmp_path, candles(10)))
    before = rows_in_database(), Series.objects.values().get()

    with pytest.raises(Conflict, match="nothing was changed"):
        run(csv_file(tmp_path, candles(10, seed=1)), on_conflict=OnConflict.FAIL)

    assert (rows_in_database(), Series.objects.values().get()) == before


def test_kept_candles_are_counted_as_changed(tmp_path: Path) -> None:
    run(csv_file(tmp_path, candles(10)))

    kept = run(csv_file(tmp_path, candles(12, seed=1)), on_conflict=OnConflict.KEEP)

    assert (kept.new, kept.changed, kept.unchanged) == (2, 10, 0)


@pytest.mark.parametrize(
    ("step", "timeframe", "sentence"),
    [
        (HOUR, "5m", "bars are 1h apart, not 5m; import it as timeframe 1h"),
        (HOUR, "1d", "bars are 1h apart, not 1d; import it as timeframe 1h"),
        (HOUR // 6, "1h", "bars are 600 seconds apart, not 1h."),
        (HOUR // 6, "5m", "bars are 600 seconds apart, not 5m."),
    ],
)
def test_bars_of_another_timeframe_are_refused(
    tmp_path: Path, step: int, timeframe: str, sentence: str
) -> None:
    path = csv_file(tmp_path, candles(50, step=step))

    with pytest.raises(InvalidInput, match=sentence) as caught:
        run(path, Target.of("binance", "BTC/USDT", timeframe))

    assert caught.value.errors[0].pointer == "/timeframe"
    assert rows_in_database() == [0, 0, 0, 0]


def test_minutes_of_a_market_with_few_trades_are_still_minutes(tmp_path: Path) -> None:
    # Most steps are five minutes or so; no step is a rule.
    steps = np.random.default_rng(1).choice([1, 3, 5, 5, 5, 5, 7, 8], 500)
    sparse = candles_at(START + 60_000 * np.cumsum(steps))

    imported = run(csv_file(tmp_path, sparse), Target.of("bitfinex", "LTC/USD", "1m"))

    assert imported.new == 500


def test_a_single_candle_has_the_timeframe_that_is_said(tmp_path: Path) -> None:
    assert run(csv_file(tmp_path, candles(1))).new == 1


def test_a_file_without_a_candle_says_why(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(f"{HEADER}\n1,2,3,4,5,6\n{START},1,2,3,4,5\n")

    with pytest.raises(
        InvalidInput,
        match="none of the 2 rows is a candle: 1 bad_timestamp, 1 ohlc_violation",
    ):
        run(path)

    assert rows_in_database() == [0, 0, 0, 0]


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "header.csv"
    path.write_text(HEADER)

    with pytest.raises(InvalidInput, match="the file holds no candles"):
        run(path)


@pytest.mark.parametrize(
    ("source", "symbol", "field"),
    [
        ("", "BTC", "source"),
        (" ", "BTC", "source"),
        ("x" * 41, "BTC", "source"),
        ("binance", "", "symbol"),
        ("binance", "x" * 41, "symbol"),
        ("binance", "ß" * 21, "symbol"),
        ("binance", "BTC\nUSDT", "symbol"),
        ("binance", "BTC\0", "symbol"),
        ("binance", "\udcff", "symbol"),
    ],
)
def test_a_name_that_cannot_be_stored_is_refused(
    source: str, symbol: str, field: str
) -> None:
    with pytest.raises(InvalidInput, match=f"Give a {field} of 1 to 40") as caught:
        Target.of(source, symbol, "1h")

    assert caught.value.errors[0].pointer == f"/{field}"


def test_names_are_spelt_one_way() -> None:
    assert Target.of(" Binance", "btc/usdt ", "1h") == TARGET


def test_a_file_name_of_bytes_that_are_not_text_is_recorded(tmp_path: Path) -> None:
    name = os.fsdecode(b"k\xe4ndles.csv")

    assert run(csv_file(tmp_path, candles(2), name)).origin == "k\ufffdndles.csv"


def test_progress_counts_candles(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    candles_import(
        path=csv_file(tmp_path, candles(10)),
        target=TARGET,
        progress=lambda *step: seen.append(step),
        now=NOW,
    )

    assert seen == [(10, 10)]
