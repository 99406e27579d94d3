"""The strategy language against hand-written Python, and the cost of checking a text.

Run with `.venv/bin/python bench/language.py [runs]`: pure code, no services needed.
Every figure is the best of the runs, since other work only ever makes one slower.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402 - the path comes first

from backtests.engine import ExecutionConfig, sweep  # noqa: E402
from backtests.sources import source_of  # noqa: E402
from bench.ours import TEXT, WINDOWS  # noqa: E402
from marketdata.ohlcv import Ohlcv  # noqa: E402
from strategies.language.compiling import compile_program  # noqa: E402
from strategies.language.costs import cost_of  # noqa: E402
from strategies.language.inputs import INPUTS  # noqa: E402
from strategies.language.strategy import LanguageStrategy  # noqa: E402
from strategies.library.ma_cross import MaCross  # noqa: E402

HOUR_MS = 3_600_000
CROSS = f"{TEXT}enter_short = exit_long\nexit_short = enter_long\n"
LINES = "\n".join(
    f"a{i} = ema(close, {i + 2}) * 2 + sma(high, {i + 3}) / atr({i + 2})"
    for i in range(97)
)
HUNDRED = f"{LINES}\nup = a1 > a2\nenter_long = up and a3 > a4[1]\nexit_long = not up\n"
PLOTS = "enter_long = close > open\n" + "".join(
    f'plot("{name}", {name})\n' for name in INPUTS
)
FRAMES = (
    "".join(
        f'x{i} = htf("{code}", close)\n'
        for i, code in enumerate(("1h", "4h", "1d", "1w"))
    )
    + "enter_long = x0 > x1 and x2 > x3\n"
)
PAIRS = list(combinations(WINDOWS, 2))


def candles(bars: int) -> Ohlcv:
    steps = np.random.default_rng(1).normal(0, 0.01, bars)
    close = 100 * np.exp(np.cumsum(steps))
    before = np.concatenate((close[:1], close[:-1]))
    high, low = np.maximum(before, close), np.minimum(before, close)
    return Ohlcv(np.arange(bars) * HOUR_MS, before, high, low, close, np.ones(bars))


def best_ms(action: Callable[[], object], runs: int) -> float:
    action()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        action()
        times.append(time.perf_counter() - began)
    return min(times) * 1000


def sweep_once(strategy: LanguageStrategy, ohlcv: Ohlcv) -> object:
    config = ExecutionConfig()
    combinations = [strategy.resolve({"fast": f, "slow": s}) for f, s in PAIRS]
    return sweep(ohlcv, source_of(strategy, ohlcv, combinations, config), config)


def say(text: str) -> None:
    sys.stdout.write(text)


def estimates(runs: int) -> None:
    """Print what runs take beside what the text alone lets one expect."""
    say("over 1,000,000 bars     ms  expected   bytes a bar  expected\n")
    million = candles(1_000_000)
    programs = {
        "sixteen plots": PLOTS,
        "four timeframes": FRAMES,
        "hundred lines": HUNDRED,
    }
    for name, code in programs.items():
        strategy = LanguageStrategy.of(code).on(HOUR_MS)
        run = partial(strategy.decide, million, {})
        took = best_ms(run, max(1, runs // 3))
        tracemalloc.start()
        run()
        peak = tracemalloc.get_traced_memory()[1] / len(million)
        tracemalloc.stop()
        cost = cost_of(strategy.program, HOUR_MS)
        say(f"{name:<18} {took:>7.0f} {cost.additions_per_bar:>9.0f} ")
        say(f"{peak:>13.0f} {cost.bytes_per_bar:>9.0f}\n")


def main(runs: int) -> None:
    million, few = candles(1_000_000), candles(20_000)
    by_hand, text = MaCross(), LanguageStrategy.of(CROSS).on(HOUR_MS)
    values = by_hand.resolve({})
    hand = best_ms(lambda: by_hand.generate_signals(million, values), runs)
    ours = best_ms(lambda: text.generate_signals(million, text.resolve({})), runs)
    say(f"MA cross, 1,000,000 bars: by hand {hand:.1f} ms, language {ours:.1f} ms, ")
    say(f"ratio {ours / hand:.2f} (at most 1.50)\n")
    check = best_ms(lambda: compile_program(HUNDRED), runs)
    say(f"checking 100 lines: {check:.1f} ms (less than 20)\n")
    stopped = LanguageStrategy.of(f"{CROSS}stop_loss = 3 * atr(14)\n").on(HOUR_MS)
    for name, strategy in {"cross": text, "cross with an ATR stop": stopped}.items():
        swept = best_ms(partial(sweep_once, strategy, few), max(1, runs // 5))
        say(f"sweep of {len(PAIRS):,} combinations of {name}, 20,000 bars: ")
        say(f"{swept:.0f} ms\n")
    estimates(runs)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
