"""1,000,000 minute bars: written, read whole, read as a window, and their size.

Run with `.venv/bin/python bench/storage.py [runs]`. It measures SQLite, and PostgreSQL
too when DATABASE_URL names one; each in a scratch database that is dropped afterwards.
"""
# ruff: noqa: T201 - a benchmark prints

import atexit
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "botforge.settings")
if "VAR_DIR" not in os.environ:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="botforge-bench-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)

import django  # noqa: E402 - the environment comes first

django.setup()

import numpy as np  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from marketdata.models import CandleBlock, Instrument, Series  # noqa: E402
from marketdata.ohlcv import COLUMNS, Ohlcv  # noqa: E402
from marketdata.services.importing import Target, candles_import  # noqa: E402
from marketdata.storage import read_candles, write_candles  # noqa: E402

BARS = 1_000_000
WINDOW = 10_000
MINUTE = 60_000
START = int(datetime(2022, 1, 1, tzinfo=UTC).timestamp() * 1000)
SCRATCH = "botforge_bench_storage"


def market() -> Ohlcv:
    """Return a random walk, rounded as exchanges round: size depends on digits."""
    random = np.random.default_rng(1)
    close = np.round(20_000 * np.exp(np.cumsum(random.normal(0, 5e-4, BARS))), 2)
    opened = np.concatenate([[20_000.0], close[:-1]])
    above, below = 1 + random.random((2, BARS)) * [[5e-4], [-5e-4]]
    return Ohlcv(
        START + MINUTE * np.arange(BARS),
        opened,
        np.round(np.maximum(opened, close) * above + 0.01, 2),
        np.round(np.minimum(opened, close) * below - 0.01, 2),
        close,
        np.round(random.lognormal(2, 1, BARS), 5),
    )


def median_ms(work: Callable[[], object], runs: int) -> str:
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    low, high = min(took), max(took)
    return f"{statistics.median(took):8.1f} ms  ({low:.1f} to {high:.1f}, {runs} runs)"


def size_on_disk() -> int:
    """Return the bytes of all candle blocks with their index."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('marketdata_candleblock')")
        else:
            cursor.execute(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            )
        size: int = cursor.fetchone()[0]
    return size


def forget() -> None:
    for model in (CandleBlock, Series, Instrument):
        model.objects.all().delete()


def written(ohlcv: Ohlcv) -> Series:
    forget()
    instrument = Instrument.objects.create(source="bench", symbol="WALK")
    series = Series.objects.create(instrument=instrument, timeframe="1m")
    write_candles(series, ohlcv)
    return series


def import_csv(path: Path) -> None:
    forget()
    candles_import(path=path, target=Target.of("bench", "WALK", "1m"))


def measure(runs: int) -> None:
    ohlcv = market()
    before = size_on_disk()
    series = written(ohlcv)
    size = size_on_disk() - before
    starts = np.random.default_rng(2).integers(0, BARS - WINDOW, 1000) * MINUTE + START
    window = iter(starts.tolist())
    end = WINDOW * MINUTE

    def read_window() -> None:
        start = next(window)
        read_candles(series, start, start + end)

    print(connection.vendor)
    print("  whole series ", median_ms(lambda: read_candles(series, None, None), runs))
    print("  window       ", median_ms(read_window, 5 * runs))
    print("  write        ", median_ms(lambda: written(ohlcv), max(3, runs // 4)))
    path = Path(os.environ["VAR_DIR"]) / "bench.csv"
    rows = zip(*(column.tolist() for column in ohlcv), strict=True)
    with path.open("w") as file:
        file.write(",".join(COLUMNS) + "\n")
        file.writelines(",".join(map(repr, row)) + "\n" for row in rows)
    print("  import of CSV", median_ms(lambda: import_csv(path), max(3, runs // 4)))
    path.unlink()
    print(f"  on disk       {size / BARS:8.1f} bytes a bar")


def run_on_scratch(runs: int) -> None:
    folder = Path(os.environ["VAR_DIR"])
    sqlite = connection.vendor == "sqlite"
    name = str(folder / f"{SCRATCH}.sqlite3") if sqlite else SCRATCH
    connection.settings_dict["TEST"]["NAME"] = name
    original = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        measure(runs)
    finally:
        connection.creation.destroy_test_db(original, verbosity=0)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    if connection.vendor == "postgresql" and "BENCH_ONE" not in os.environ:
        # A process uses one database: SQLite gets one of its own.
        environment = os.environ | {"DATABASE_URL": "", "BENCH_ONE": "1"}
        command = [sys.executable, __file__, str(runs)]
        subprocess.run(command, env=environment, check=True)  # noqa: S603 - itself
    settings.DEBUG = False
    run_on_scratch(runs)


if __name__ == "__main__":
    main()
