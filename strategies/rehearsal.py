"""A strategy tried on made-up candles: does it run, decide, and look ahead?"""

from dataclasses import dataclass

import numpy as np

from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Values
from strategies.causality import (
    PREFIXES,
    CausalityCheck,
    check_causality,
    orders_of,
)

# Beyond the warm-up: enough for a strategy to enter and to leave a few times.
ACTIVE_BARS = 1_500
MOST_BARS = 50_000
# A Monday, so that days and weeks are complete from the first bar on.
START_MS = 1_704_067_200_000
SEED = 1


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Over how many bars it ran, how many orders it gave, and what came of the check.

    A strategy without orders has shown nothing.
    """

    bars: int
    orders: int
    causality: CausalityCheck

    @property
    def sentence(self) -> str:
        if self.causality.leak is not None:
            return self.causality.leak.sentence
        if self.orders == 0:
            return (
                f"It gave no order in {self.bars:,} candles, so that there was "
                "nothing to compare."
            )
        return (
            f"In {self.bars:,} candles, {self.orders:,} of them with an order, no "
            "signal changed when the candles after it were missing."
        )


def bars_to_rehearse(warmup_bars: int) -> int:
    return min(warmup_bars + ACTIVE_BARS, MOST_BARS)


def bars_computed(bars: int) -> int:
    """Return over how many bars a rehearsal computes at most, repetitions included."""
    return bars * (1 + PREFIXES)


def rehearse(strategy: BaseStrategy, parameters: Values, ohlcv: Ohlcv) -> Rehearsal:
    """Run the strategy, which is ``on()`` the candles' timeframe, and check it.

    Raises ``InvalidInput`` for a run that costs too much.
    """
    signals = strategy.generate_signals(ohlcv, parameters)
    check = check_causality(strategy, ohlcv, parameters, signals, SEED)
    return Rehearsal(len(ohlcv), int(orders_of(signals).sum()), check)


def made_up_candles(bars: int, timeframe_ms: int) -> Ohlcv:
    """Return the same random walk every time: wicks, volume, now and then a jump."""
    rng = np.random.default_rng(SEED)
    steps = rng.normal(0, 0.01, bars) + 0.05 * rng.normal(0, rng.random(bars) < 0.01)
    close = 100 * np.exp(np.cumsum(steps))
    open_ = np.concatenate((close[:1], close[:-1]))
    wicks = rng.exponential(0.004, (2, bars))
    return Ohlcv(
        time=START_MS + np.arange(bars) * timeframe_ms,
        open=open_,
        high=np.maximum(open_, close) * (1 + wicks[0]),
        low=np.minimum(open_, close) * np.exp(-wicks[1]),
        close=close,
        volume=rng.lognormal(3, 1, bars),
    )
