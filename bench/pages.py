"""A window of candles from the database and from Redis, and as a page of JSON.

Run with `.venv/bin/python bench/pages.py [runs]`. It measures the database and the
Redis that DATABASE_URL and REDIS_URL name, in a scratch database that is dropped. Where
no Redis answers, the database alone is measured.
"""
# ruff: noqa: T201 - a benchmark prints

import os
import sys
from pathlib import Path

# A Redis that is down is told of once, below, and not at every attempt.
os.environ.setdefault("LOG_LEVEL", "CRITICAL")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import storage  # noqa: E402 - it sets Django up

# isort: split
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402

from botforge.api.columns import columnar  # noqa: E402
from marketdata.encoding import decode_one, encode  # noqa: E402
from marketdata.models import Series  # noqa: E402
from marketdata.quality import check  # noqa: E402
from marketdata.selectors import CandleQuery, candle_window  # noqa: E402
from marketdata.storage import EPOCH, grade_series, read_candles  # noqa: E402

KEY = "bench:window"


def measure(runs: int) -> None:
    ohlcv = storage.market()
    series = storage.written(ohlcv)
    series = Series.objects.select_related("instrument").get(pk=series.pk)
    first = int(ohlcv.time[500_000])
    after = first + storage.WINDOW * storage.MINUTE
    start, end = (EPOCH.fromtimestamp(ms / 1000, EPOCH.tzinfo) for ms in (first, after))
    query = CandleQuery(start, end)

    def page() -> bytes:
        columns = candle_window(series, query).columns()
        rendered: bytes = JSONRenderer().render(columnar(columns))
        return rendered

    print(connection.vendor)
    work = {
        "window from the database": lambda: read_candles(series, first, after),
        "window from Redis": lambda: decode_one(cache.get(KEY)),
        "page rendered": page,
        "page from Redis": lambda: cache.get(KEY + ":page"),
        "1,000,000 bars checked": lambda: check(ohlcv, series.step, "24/7"),
        "1,000,000 bars read, checked, report stored": lambda: grade_series(series),
    }
    cache.set(KEY, encode(read_candles(series, first, after)))
    cache.set(KEY + ":page", page())
    if cache.get(KEY) is None:
        print("  (no Redis answers: set REDIS_URL to measure it too)")
        work = {name: do for name, do in work.items() if "from Redis" not in name}
    for name, do in work.items():
        print(f"  {name:<45}", storage.median_ms(do, runs))
    cache.delete_many([KEY, KEY + ":page"])


if __name__ == "__main__":
    storage.measure = measure
    storage.run_on_scratch(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
