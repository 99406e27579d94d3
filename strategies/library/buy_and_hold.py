"""Buy and hold."""

import numpy as np

from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Signals, Values


class BuyAndHold(BaseStrategy):
    """Buy at the first opportunity and never sell.

    Idea: the market itself, after costs. It is the yardstick for everything else: a
    strategy that does worse with more trades has earned nothing for its effort.

    Source: the index investor's baseline, W. F. Sharpe, "The Arithmetic of Active
    Management", Financial Analysts Journal 47 (1991).

    When it fails: it takes every drawdown in full and never leaves a market that does
    not come back.
    """

    slug = "buy_and_hold"
    title = "Buy and hold"
    gives_stops = False

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        # On every bar, not on the first alone: an entry in the direction already held
        # is ignored, and one that could not be filled is tried again.
        always = np.ones(len(ohlcv), dtype=np.bool_)
        return Signals.of(len(ohlcv), enter_long=always)
