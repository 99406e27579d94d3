"""The same work in vectorbt and backtesting.py: ``peers.py PEER WORK BARS``.

Runs in the virtual environment of ``requirements.txt`` and imports nothing of BotForge.
"""

import sys
import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import talib
from candles import MINUTE_MS, columns, crosses
from timing import report

COSTS = {"fees": 0.001, "slippage": 0.0005}
WINDOWS = range(5, 255, 5)


def frame(bars: int, step_ms: int = MINUTE_MS) -> pd.DataFrame:
    table = pd.DataFrame(columns(bars, step_ms))
    table.index = pd.to_datetime(table.pop("time"), unit="ms")
    return table.rename(columns=str.capitalize)


def vectorbt(work: str, bars: int) -> None:
    import vectorbt as vbt  # noqa: PLC0415  only the peer that is asked for

    def single(**stops: object) -> dict[str, float]:
        close = table["Close"]
        up, down = crosses(talib.SMA(close.values, 50), talib.SMA(close.values, 200))
        # Next open, as everywhere here: signals one bar later, at the open.
        up, down = np.r_[False, up[:-1]], np.r_[False, down[:-1]]
        portfolio = vbt.Portfolio.from_signals(
            close,
            up,
            down,
            price=table["Open"],
            open=table["Open"],
            high=table["High"],
            low=table["Low"],
            freq="1min",
            engine="rust",
            init_cash=10_000,
            **COSTS,
            **stops,
        )
        stats = portfolio.stats()
        return {
            "trades": int(stats["Total Trades"]),
            "return": stats["Total Return [%]"],
        }

    def many() -> dict[str, float]:
        close = table["Close"]
        lines = {n: talib.SMA(close.values, n) for n in WINDOWS}
        pairs = list(combinations(WINDOWS, 2))
        up = np.empty((bars, len(pairs)), np.bool_)
        down = np.empty_like(up)
        for i, (a, b) in enumerate(pairs):
            up[:, i], down[:, i] = crosses(lines[a], lines[b])
        portfolio = vbt.Portfolio.from_signals(
            close, up, down, freq="1h", engine="rust", init_cash=10_000, **COSTS
        )
        found = portfolio.total_return()
        portfolio.max_drawdown()
        portfolio.sharpe_ratio()
        trades = portfolio.trades.count()
        return {"trades": int(trades.sum()), "best": float(found.max())}

    if work == "sweep":
        table = frame(bars, 60 * MINUTE_MS)
        report(many, 2, warm=1)
        return
    table = frame(bars)
    stops = {"tp_stop": 0.02, "sl_stop": 0.01, "sl_trail": True}
    report(lambda: single(**(stops if work == "stops" else {})), 5)


def backtesting(work: str, bars: int) -> None:
    from backtesting import Backtest, Strategy  # noqa: PLC0415

    table = frame(bars)
    up, down = crosses(
        talib.SMA(table["Close"].values, 50), talib.SMA(table["Close"].values, 200)
    )

    class Cross(Strategy):
        def init(self) -> None:
            pass

        def next(self) -> None:
            bar = len(self.data) - 1
            if down[bar] and self.position:
                self.position.close()
            elif up[bar] and not self.position:
                price = self.data.Close[-1]
                stops = {"sl": price * 0.99, "tp": price * 1.02}
                self.buy(**(stops if work == "stops" else {}))

    def single() -> dict[str, float]:
        run = Backtest(table, Cross, cash=10_000_000, commission=0.001).run()
        return {"trades": int(run["# Trades"]), "return": float(run["Return [%]"])}

    report(single, 1, warm=0)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    peer, job, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    {"vectorbt": vectorbt, "backtesting": backtesting}[peer](job, size)
