"""The benchmarks of BotForge: ``python -m bench.ours WORK [BARS]``."""

import sys
import time
from itertools import combinations

START = time.perf_counter()

import talib  # noqa: E402  the clock starts before the imports

from backtests.engine import (  # noqa: E402
    Crossings,
    ExecutionConfig,
    measure,
    simulate,
    sweep,
    warm_up,
)
from backtests.sources import source_of  # noqa: E402
from bench.candles import MINUTE_MS, columns, crosses  # noqa: E402
from bench.timing import report  # noqa: E402
from marketdata.ohlcv import Ohlcv  # noqa: E402
from strategies.base import Signals  # noqa: E402
from strategies.language.strategy import LanguageStrategy  # noqa: E402

COSTS = {"fee_rate": 0.001, "slippage": 0.0005}
STOPS = {"stop_loss": 0.01, "take_profit": 0.02, "trailing_stop": 0.015}
WINDOWS = range(5, 255, 5)
TEXT = """fast = param("fast", 50, min=2, max=1000)
slow = param("slow", 200, min=3, max=5000)
fast_ma = sma(close, fast)
slow_ma = sma(close, slow)
enter_long = crossover(fast_ma, slow_ma)
exit_long = crossunder(fast_ma, slow_ma)
"""


def single(bars: int, config: ExecutionConfig) -> None:
    ohlcv = Ohlcv(**columns(bars))

    def work() -> dict[str, float | None]:
        up, down = crosses(talib.SMA(ohlcv.close, 50), talib.SMA(ohlcv.close, 200))
        signals = Signals.of(bars, enter_long=up, exit_long=down)
        metrics = measure(simulate(ohlcv, signals, config), ohlcv)
        return {
            name: metrics[name] for name in ("trades", "total_return", "sharpe_bar")
        }

    report(work, 9 if bars <= 1_000_000 else 3)


def many(bars: int) -> None:
    ohlcv = Ohlcv(**columns(bars, 60 * MINUTE_MS))
    pairs = list(combinations(WINDOWS, 2))

    def work() -> dict[str, float]:
        source = Crossings.of(ohlcv.close, talib.SMA, pairs)
        rows = sweep(ohlcv, source, ExecutionConfig(**COSTS)).rows
        return {"trades": int(rows["trades"].sum()), "best": rows["total_return"].max()}

    report(work, 9)


def many_of_a_text(bars: int) -> None:
    """Report the same sweep of a strategy in the language, parameters checked."""
    ohlcv = Ohlcv(**columns(bars, 60 * MINUTE_MS))
    strategy = LanguageStrategy.of(TEXT).on(60 * MINUTE_MS)
    config = ExecutionConfig(**COSTS)

    def work() -> dict[str, float]:
        pairs = [
            strategy.resolve({"fast": fast, "slow": slow})
            for fast, slow in combinations(WINDOWS, 2)
        ]
        rows = sweep(ohlcv, source_of(strategy, ohlcv, pairs, config), config).rows
        return {"trades": int(rows["trades"].sum()), "best": rows["total_return"].max()}

    report(work, 9)


def cold() -> None:
    """Report the time from the start of the process to the first result."""
    ohlcv = Ohlcv(**columns(1000))
    up, down = crosses(talib.SMA(ohlcv.close, 5), talib.SMA(ohlcv.close, 20))
    signals = Signals.of(1000, enter_long=up, exit_long=down)
    measure(simulate(ohlcv, signals, ExecutionConfig()), ohlcv)
    elapsed = time.perf_counter() - START
    report(lambda: elapsed, 1)


if __name__ == "__main__":
    name = sys.argv[1]
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if name == "cold":
        cold()
    else:
        warm_up()
    if name == "cross":
        single(size, ExecutionConfig(**COSTS))
    elif name == "stops":
        single(size, ExecutionConfig(**COSTS, **STOPS))
    elif name == "sweep":
        many(size)
    elif name == "text":
        many_of_a_text(size)
