"""What runs take, beside what they are expected to take (`backtests/costs.py`).

Run with `.venv/bin/python bench/costs.py [runs]`, in a scratch database of its own: one
process, warm kernels, everything that a job does but the queue and the fork.
"""
# ruff: noqa: T201 - a benchmark prints

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "botforge.settings"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="botforge-bench-")
os.environ["DATABASE_URL"] = ""

import django  # noqa: E402 - the environment comes first

django.setup()

from django.core.management import call_command  # noqa: E402

from accounts.models import User  # noqa: E402
from backtests.computation import compute, run_of  # noqa: E402
from backtests.costs import SECONDS_PER_RUN  # noqa: E402
from backtests.engine import warm_up  # noqa: E402
from backtests.outcome import checks_of, result_row  # noqa: E402
from backtests.tests.factories import (  # noqa: E402
    backtest_queued,
    candles_add,
    series_create,
    walk,
)
from strategies.language.functions.warming import (  # noqa: E402
    warm_up as warm_up_functions,
)

STRATEGIES = (
    "buy_and_hold",
    "ma_cross",
    "rsi_reversion",
    "supertrend_flip",
    "ichimoku_cloud",
    "ttm_squeeze",
    "mtf_trend",
)
BARS = (10_000, 100_000, 1_000_000)


def main(runs: int) -> None:
    call_command("migrate", verbosity=0)
    warm_up()
    warm_up_functions()
    owner = User.objects.create_user("bench@example.org")
    print("strategy              bars   measured   expected  (without 30 ms for a job)")
    for bars in BARS:
        empty = series_create(symbol=f"W{bars}/USDT", timeframe="1h")
        series = candles_add(empty, walk(bars))
        for library in STRATEGIES:
            backtest = backtest_queued(owner, series, library=library)
            times = []
            for _ in range(runs):
                began = time.perf_counter()
                computed = compute(run_of(backtest))
                checks_of(backtest, computed)
                result_row(backtest, computed)
                times.append(time.perf_counter() - began)
            expected = backtest.cost - SECONDS_PER_RUN
            print(
                f"{library:<17} {bars:>9,} {min(times) * 1000:>7.1f} ms "
                f"{expected * 1000:>7.1f} ms"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
