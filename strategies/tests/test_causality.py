import numpy as np
import pytest

from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Signals, Values
from strategies.causality import (
    CausalityCheck,
    Leak,
    check_causality,
    find_leak,
    prefixes_of,
)
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


class Insider(BaseStrategy):
    """Buys now and then, on the bar before a large rise."""

    slug = "insider"
    title = "Insider"

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        rises = np.diff(ohlcv.close, append=ohlcv.close[-1:])
        return Signals.of(len(ohlcv), enter_long=rises > 0.05 * ohlcv.close)


@pytest.mark.parametrize("strategy", [Prophet(), Average(), Insider()])
@pytest.mark.parametrize("seed", range(5))
def test_a_few_prefixes_find_what_knows_tomorrow(
    strategy: BaseStrategy, seed: int
) -> None:
    candles = random_candles(1000, seed)
    signals = strategy.generate_signals(candles, {})

    check = check_causality(strategy, candles, {}, signals, seed)

    assert not check.passed
    assert check.leak is not None
    assert "depends on later candles" in check.leak.sentence


def test_the_same_seed_looks_at_the_same_prefixes() -> None:
    signals = Signals.of(500, enter_long=np.arange(500) % 7 == 3)

    assert prefixes_of(signals, seed=1) == prefixes_of(signals, seed=1)
    assert prefixes_of(signals, seed=1) != prefixes_of(signals, seed=2)


def test_some_prefixes_end_where_an_order_is_given() -> None:
    orders = np.zeros(10_000, np.bool_)
    orders[[700, 4000, 9999]] = True

    prefixes = prefixes_of(Signals.of(10_000, exit_short=orders), seed=3)

    # The last bar is no use: nothing comes after it that could be missing.
    assert {701, 4001} <= set(prefixes)
    assert 10_000 not in prefixes


@pytest.mark.parametrize("bars", [2, 3, 100, 60_000, 1_000_000])
@pytest.mark.parametrize("seed", range(5))
def test_asking_again_costs_no_more_than_asking(bars: int, seed: int) -> None:
    signals = Signals.of(bars, enter_long=np.arange(bars) % 50 == 0)

    prefixes = prefixes_of(signals, seed)

    assert 1 <= len(prefixes) <= 6
    assert all(1 <= prefix < bars for prefix in prefixes)
    assert sum(prefixes) <= max(50_000, bars)


def test_one_bar_cannot_be_checked() -> None:
    candles = random_candles(1, seed=1)
    signals = Prophet().generate_signals(candles, {})

    check = check_causality(Prophet(), candles, {}, signals)

    assert check == CausalityCheck(prefixes=(), leak=None)
    assert not check.passed


def test_a_program_of_the_language_is_not() -> None:
    strategy = LanguageStrategy.of(
        'enter_long = close > htf("4h", sma(close, 3))\nstop_loss = atr(14)\n'
    )

    candles = random_candles(200, seed=5)

    assert find_leak(strategy.on(HOUR_MS), candles, {}, PREFIXES) is None
