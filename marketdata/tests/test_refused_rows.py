"""Rows that an import did not store are kept to be looked at, not all of them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings

from marketdata.cleaning import KEPT_ROWS, clean
from marketdata.models import ImportRun, RefusedRow
from marketdata.ohlcv import Ohlcv
from marketdata.services.importing import Target, candles_import
from marketdata.tests.candles import HEADER, HOUR, NOW, NOW_MS, START, raw
from marketdata.tests.imports.fetches import WHOLE, exchange_of, fetched, moment
from marketdata.tests.providers.servers import Server
from marketdata.timeframes import Timeframe

H1 = Timeframe.parse("1h")
TARGET = Target.of("binance", "BTC/USDT", "1h")


def imported(folder: Path, *rows: str) -> ImportRun:
    path = folder / "candles.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return candles_import(path=path, target=TARGET, now=NOW)


def rows_of(run: ImportRun) -> list[tuple[str, int | None]]:
    return list(run.refused.values_list("reason", "line"))


@pytest.mark.django_db
def test_a_refused_row_is_kept_with_its_line_and_its_values(tmp_path: Path) -> None:
    run = imported(
        tmp_path,
        f"{START},10,12,9,11,5",
        f"{START + HOUR},10,9,9,11,7",  # the high is below the close
        f"{START + 2 * HOUR},10,12,9,11,5",
        "soon,10,12,9,11,5",
        f"{START + 3 * HOUR},nan,12,9,inf,5",
        f"{START},10,12,9,11,5",
    )

    assert rows_of(run) == [
        ("ohlc_violation", 3),
        ("bad_timestamp", 5),
        ("nan", 6),
        ("duplicates_identical", 7),
    ]
    torn, soon, missing, _ = run.refused.all()
    assert torn.time == moment(1)
    assert (torn.open, torn.high, torn.low, torn.close) == (10, 9, 9, 11)
    assert torn.volume == 7
    assert soon.time is None
    assert (missing.open, missing.high, missing.close) == (None, 12, None)
    assert (run.rows, run.new, sum(run.rejected.values())) == (6, 2, 4)


@pytest.mark.django_db
def test_a_file_without_a_fault_keeps_nothing(tmp_path: Path) -> None:
    imported(tmp_path, f"{START},10,12,9,11,5")

    assert not RefusedRow.objects.exists()


def test_a_flood_of_one_reason_leaves_room_for_the_others() -> None:
    rows = 3 * KEPT_ROWS
    high = np.full(rows, 12.0)
    high[: 2 * KEPT_ROWS] = 1.0
    volume = np.full(rows, 5.0)
    volume[-1] = -1.0

    cleaned = clean(raw(high=high, volume=volume), H1, NOW_MS)

    assert cleaned.rejected == {"ohlc_violation": 2000, "negative_volume": 1}
    # One thousand in all, so half of it each.
    assert [one.line for one in cleaned.refused] == [*range(1, 501), 3000]
    assert cleaned.refused[-1].reason == "negative_volume"


@pytest.mark.django_db
def test_of_a_file_full_of_faults_a_thousand_rows_are_kept(tmp_path: Path) -> None:
    bad = [f"{START + hour * HOUR},10,1,9,11,5" for hour in range(1, 1500)]

    run = imported(tmp_path, f"{START},10,12,9,11,5", *bad)

    assert run.refused.count() == KEPT_ROWS
    assert run.rejected == {"ohlc_violation": 1499}


@pytest.fixture
def exchange(settings: Settings) -> Iterator[Server]:
    high = WHOLE.high.copy()
    high[[3, 1800]] = 0.5 * WHOLE.low[[3, 1800]]
    torn = Ohlcv(WHOLE.time, WHOLE.open, high, WHOLE.low, WHOLE.close, WHOLE.volume)
    with exchange_of(settings, torn) as server:
        yield server


@pytest.mark.django_db
def test_a_providers_rows_are_kept_by_time_from_every_page(exchange: Server) -> None:
    run = fetched().run

    assert rows_of(run) == [("ohlc_violation", None)] * 2
    assert [row.time for row in run.refused.all()] == [moment(3), moment(1800)]
    assert run.rejected == {"ohlc_violation": 2}
