"""The same work in backtesting.py: ``peer_backtesting.py WORK BARS``.

Runs in the virtual environment of ``requirements.txt`` and imports nothing of BotForge.
"""

import sys
import warnings

import talib
from backtesting import Backtest, Strategy
from candles import crosses
from frames import frame
from timing import report


def single(bars: int, stops: bool) -> None:
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
                self.buy(**({"sl": price * 0.99, "tp": price * 1.02} if stops else {}))

    def work() -> dict[str, float]:
        run = Backtest(table, Cross, cash=10_000_000, commission=0.001).run()
        return {"trades": int(run["# Trades"]), "return": float(run["Return [%]"])}

    report(work, 1, warm=0)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    single(int(sys.argv[2]), stops=sys.argv[1] == "stops")
