"""The report of a result: how long it takes to build, and how large it is.

Run with `.venv/bin/python bench/report.py [runs]`: from the stored row to the page, of
ma_cross with an overlay of two lines. The candles come from memory: reading them is
`bench/pages.py`.
"""
# ruff: noqa: T201 - a benchmark prints

import os
import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "botforge.settings")

import django  # noqa: E402 - the path comes first

django.setup()

from backtests.reporting import report_data_of  # noqa: E402
from backtests.reports import render_report  # noqa: E402
from backtests.reports.policy import library  # noqa: E402
from backtests.tests.factories import walk  # noqa: E402
from backtests.tests.reports.scenes import stored_run  # noqa: E402

BARS = (100, 10_000, 100_000, 1_000_000)


def measure(bars: int, runs: int) -> None:
    backtest, row, candles = stored_run(
        walk(bars), "ma_cross", {"fast": 20, "slow": 100}, allow_short=True
    )
    page, seconds = "", []
    for _ in range(runs + 1):
        start = time.perf_counter()
        page = render_report(report_data_of(backtest, row, candles))
        seconds.append(time.perf_counter() - start)
    own = len(page.encode()) - len(library())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    trades = row.metrics["trades"]
    print(
        f"{bars:>9,} bars {trades:>7,} trades  "
        f"{1000 * statistics.median(seconds[1:]):6.0f} ms  "
        f"{own / 1e6:.2f} MB besides the library  peak {peak:.0f} MB"
    )


if __name__ == "__main__":
    for bars in BARS:
        measure(bars, int(sys.argv[1]) if len(sys.argv) > 1 else 5)
