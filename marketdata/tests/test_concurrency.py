"""Imports by several processes at once end as if they had come one by one."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from marketdata.models import ImportRun, Instrument, Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import BLOCK_BARS, read_candles
from marketdata.tests.candles import candles, csv_file, same, series_create

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

WHOLE = candles(3 * BLOCK_BARS)
WAIT_SECONDS = 60


def database_url() -> str:
    """Return the URL of the database of this test run."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


def import_process(path: Path, *more: str) -> "subprocess.Popen[str]":
    """Start an import in a process of its own, as an operator would."""
    names = ["--source", "binance", "--symbol", "BTC/USDT", "--timeframe", "1h"]
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_candles", str(path), *names, *more],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(processes: list["subprocess.Popen[str]"]) -> list[tuple[int, str]]:
    """Return the exit code of each and what it said about a failure."""
    ended = []
    for process in processes:
        _, error = process.communicate(timeout=WAIT_SECONDS)
        ended.append((process.returncode, error))
    return ended


@contextmanager
def held_back(processes: int) -> Iterator[None]:
    """Let nobody create an instrument until so many processes are about to.

    SQLite lets one process at a time begin, so that there is nothing to hold back.
    """
    if connection.vendor != "postgresql":
        yield
        return
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted "
        "AND relation = 'marketdata_instrument'::regclass"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE marketdata_instrument IN SHARE MODE")
        yield
        for _ in range(WAIT_SECONDS * 20):
            cursor.execute(waiting)
            if cursor.fetchone() == (processes,):
                return
            time.sleep(0.05)
        raise TimeoutError("the processes did not come to create the instrument")


def summary(series: Series) -> tuple[object, ...]:
    return (
        series.first,
        series.last,
        series.bars,
        series.gaps,
        series.missing_bars,
        series.content_hash,
    )


def stored() -> tuple[Series, Ohlcv]:
    series = Series.objects.get(instrument__symbol="BTC/USDT")
    return series, read_candles(series, None, None)


def test_two_processes_that_create_one_instrument_both_succeed(tmp_path: Path) -> None:
    halves = [WHOLE.slice(0, 2 * BLOCK_BARS), WHOLE.slice(BLOCK_BARS, len(WHOLE))]
    paths = [csv_file(tmp_path, half, f"{i}.csv") for i, half in enumerate(halves)]

    with held_back(2):
        processes = [import_process(path) for path in paths]
    assert finish(processes) == [(0, ""), (0, "")]

    series, ohlcv = stored()
    assert same(ohlcv, WHOLE)
    assert summary(series) == summary(series_create(WHOLE, symbol="AT/ONCE"))
    assert Instrument.objects.filter(symbol="BTC/USDT").count() == 1
    assert series.revision == 2
    assert sum(run.new for run in ImportRun.objects.all()) == len(WHOLE)
    assert sum(run.unchanged for run in ImportRun.objects.all()) == BLOCK_BARS


def test_overlapping_parts_of_an_existing_series_end_as_one_import(
    tmp_path: Path,
) -> None:
    series_create(WHOLE.slice(5000, 9000))
    cuts = [(0, 9000), (4000, 17_000), (8000, 20_000), (12_000, len(WHOLE))]
    paths = [csv_file(tmp_path, WHOLE.slice(*cut), f"{cut[0]}.csv") for cut in cuts]

    assert finish([import_process(path) for path in paths]) == [(0, "")] * 4

    series, ohlcv = stored()
    assert same(ohlcv, WHOLE)
    assert summary(series) == summary(series_create(WHOLE, symbol="AT/ONCE"))
    assert 2 <= series.revision <= 5


def test_of_two_imports_that_conflict_one_is_stored_whole(tmp_path: Path) -> None:
    versions = [candles(2 * BLOCK_BARS, seed=seed) for seed in (1, 2)]
    paths = [csv_file(tmp_path, one, f"{i}.csv") for i, one in enumerate(versions)]

    with held_back(2):
        processes = [import_process(path, "--on-conflict", "fail") for path in paths]
    ended = finish(processes)

    winner = [code for code, _ in ended].index(0)
    code, said = ended[1 - winner]
    assert code == 1
    assert said.startswith("CommandError: Stored candles have other values")
    assert same(stored()[1], versions[winner])
    assert ImportRun.objects.count() == 1
