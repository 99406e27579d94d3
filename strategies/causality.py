"""Does a strategy see the future? The check that any strategy can be put through.

What it says of a bar must not depend on later candles. So it is asked again with fewer
candles, and the answers must be equal to the last bit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Signals, Values

PREFIXES = 6
# Asking again over more bars than this takes time that can be felt.
FREE_BARS = 50_000
ORDERS = ("enter_long", "exit_long", "enter_short", "exit_short")


@dataclass(frozen=True, slots=True)
class Leak:
    """A signal of an earlier bar that later candles change."""

    signal: str
    bar: int
    bars_seen: int

    @property
    def sentence(self) -> str:
        return (
            f"{self.signal} of bar {self.bar} depends on later candles: it is "
            f"another one when only the first {self.bars_seen} are known."
        )


@dataclass(frozen=True, slots=True)
class CausalityCheck:
    """How many bars the strategy was shown each time, and what that brought to light.

    No leak is no proof, but what sees the future seldom passes a few prefixes; without
    any prefix nothing has been checked.
    """

    prefixes: tuple[int, ...]
    leak: Leak | None

    @property
    def passed(self) -> bool:
        return bool(self.prefixes) and self.leak is None


def check_causality(
    strategy: BaseStrategy,
    ohlcv: Ohlcv,
    parameters: Values,
    signals: Signals,
    seed: int = 0,
) -> CausalityCheck:
    """Compare ``signals``, which the strategy gave for ``ohlcv``, with those of a few
    prefixes.

    The strategy is the one that gave them, ``on()`` its timeframe. Costs at most about
    as much as giving the signals has cost, for short data a few times that. The same
    arguments give the same prefixes.
    """
    prefixes = prefixes_of(signals, seed)
    return CausalityCheck(
        prefixes, _first_leak(strategy, ohlcv, parameters, signals, prefixes)
    )


def find_leak(
    strategy: BaseStrategy, ohlcv: Ohlcv, parameters: Values, prefixes: Iterable[int]
) -> Leak | None:
    """Return the first signal that differs when only so many bars have happened yet."""
    whole = strategy.generate_signals(ohlcv, parameters)
    return _first_leak(strategy, ohlcv, parameters, whole, prefixes)


def prefixes_of(signals: Signals, seed: int, count: int = PREFIXES) -> tuple[int, ...]:
    """Return lengths to look at, the shortest first, not too many bars together.

    Every second one ends at a bar that gives an order, since what came of the next
    candle is missing exactly there; the others end anywhere.
    """
    bars = len(signals)
    if bars < 2:
        return ()
    rng = np.random.default_rng(seed)
    anywhere = rng.integers(1, bars, 2 * count)
    # Nothing comes after the last bar that could be missing.
    ordered = np.flatnonzero(orders_of(signals)[:-1]) + 1
    at_orders = rng.choice(ordered, 2 * count) if len(ordered) else anywhere
    left = max(FREE_BARS, bars)
    chosen: list[int] = []
    for prefix in np.column_stack((at_orders, anywhere)).ravel().tolist():
        if len(chosen) < count and prefix <= left and prefix not in chosen:
            chosen.append(prefix)
            left -= prefix
    return tuple(sorted(chosen))


def orders_of(signals: Signals) -> NDArray[np.bool_]:
    """Return the bars at whose close there is an order of any kind."""
    given = np.zeros(len(signals), np.bool_)
    for name in ORDERS:
        given |= getattr(signals, name)
    return given


def _first_leak(
    strategy: BaseStrategy,
    ohlcv: Ohlcv,
    parameters: Values,
    whole: Signals,
    prefixes: Iterable[int],
) -> Leak | None:
    for bars in prefixes:
        part = strategy.generate_signals(ohlcv.slice(0, bars), parameters)
        for field in fields(Signals):
            bar = _first_difference(part, whole, field.name)
            if bar is not None:
                return Leak(field.name, bar, bars)
    return None


def _first_difference(part: Signals, whole: Signals, name: str) -> int | None:
    a, b = getattr(part, name), getattr(whole, name)
    if a is None or b is None:
        return None if a is b else 0
    seen, later = a.astype(np.float64), b[: len(a)].astype(np.float64)
    differs = (seen != later) & ~(np.isnan(seen) & np.isnan(later))
    return int(np.argmax(differs)) if differs.any() else None
