"""The same work in vectorbt with its Rust engine: ``peer_vectorbt.py WORK BARS``.

Runs in the virtual environment of ``requirements.txt`` and imports nothing of BotForge.
Orders fill at the next open, as everywhere here: signals one bar later, at the open.
"""

import sys
import warnings
from itertools import combinations

import numpy as np
import talib
import vectorbt as vbt
from candles import MINUTE_MS, crosses
from frames import frame
from timing import report

COSTS = {"fees": 0.001, "slippage": 0.0005, "init_cash": 10_000, "engine": "rust"}
WINDOWS = range(5, 255, 5)


def next_bar(signals: np.ndarray) -> np.ndarray:
    """Return the signals one bar later."""
    later = np.zeros_like(signals)
    later[1:] = signals[:-1]
    return later


def single(bars: int, **stops: object) -> None:
    table = frame(bars)
    close, opened = table["Close"], table["Open"]
    ranges = {"open": opened, "high": table["High"], "low": table["Low"]}

    def work() -> dict[str, float]:
        up, down = crosses(talib.SMA(close.values, 50), talib.SMA(close.values, 200))
        portfolio = vbt.Portfolio.from_signals(
            close,
            next_bar(up),
            next_bar(down),
            price=opened,
            freq="1min",
            **ranges,
            **COSTS,
            **stops,
        )
        stats = portfolio.stats()
        return {
            "trades": int(stats["Total Trades"]),
            "return": stats["Total Return [%]"],
        }

    report(work, 5)


def sweep(bars: int) -> None:
    table = frame(bars, 60 * MINUTE_MS)
    close, opened = table["Close"], table["Open"]

    def work() -> dict[str, float]:
        lines = {n: talib.SMA(close.values, n) for n in WINDOWS}
        pairs = list(combinations(WINDOWS, 2))
        up = np.empty((bars, len(pairs)), np.bool_)
        down = np.empty_like(up)
        for i, (a, b) in enumerate(pairs):
            up[:, i], down[:, i] = crosses(lines[a], lines[b])
        portfolio = vbt.Portfolio.from_signals(
            close,
            next_bar(up),
            next_bar(down),
            price=opened.values[:, None],
            freq="1h",
            **COSTS,
        )
        found = portfolio.total_return()
        portfolio.max_drawdown()
        portfolio.sharpe_ratio()
        closed = portfolio.trades.closed.count()
        return {"trades": int(closed.sum()), "best": float(found.max())}

    report(work, 2, warm=1)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    job, size = sys.argv[1], int(sys.argv[2])
    if job == "sweep":
        sweep(size)
    elif job == "stops":
        single(size, tp_stop=0.02, sl_stop=0.01, sl_trail=True)
    else:
        single(size)
