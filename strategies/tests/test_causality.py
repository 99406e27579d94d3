import numpy as np

from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Signals, Values
from strategies.causality import Leak, find_leak
from strategies.language.strategy import LanguageStrategy
from strategies.tests.candles import HOUR_MS, candles_of, random_candles

PREFIXES = range(0, 200, 7)


class Prophet(BaseStrategy):
    """Buys the bar before each rise."""

    slug = "prophet"
    title = "Prophet"

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        rises = np.diff(ohlcv.close, append=ohlcv.close[-1:]) > 0
        return Signals.of(len(ohlcv), enter_long=rises)


class Average(BaseStrategy):
    """Stops at the mean of all closes, those to come included."""

    slug = "average"
    title = "Average"

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        never = np.zeros(len(ohlcv), np.bool_)
        mean = np.full(len(ohlcv), ohlcv.close.mean())
        return Signals(never, never, never, never, stop_loss=mean)


def test_a_strategy_that_knows_tomorrow_is_caught() -> None:
    leak = find_leak(Prophet(), candles_of([1.0, 2.0, 3.0, 2.0]), {}, [2])

    assert leak == Leak("enter_long", bar=1, bars_seen=2)


def test_a_distance_that_knows_tomorrow_is_caught() -> None:
    leak = find_leak(Average(), candles_of([1.0, 2.0, 3.0]), {}, [2])

    assert leak == Leak("stop_loss", bar=0, bars_seen=2)


def test_a_program_of_the_language_is_not() -> None:
    strategy = LanguageStrategy.of(
        'enter_long = close > htf("4h", sma(close, 3))\nstop_loss = atr(14)\n'
    )

    candles = random_candles(200, seed=5)

    assert find_leak(strategy.on(HOUR_MS), candles, {}, PREFIXES) is None
