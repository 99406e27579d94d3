"""Does a strategy see the future? The check that any strategy can be put through."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Signals, Values


@dataclass(frozen=True, slots=True)
class Leak:
    """A signal of an earlier bar that later candles change."""

    signal: str
    bar: int
    bars_seen: int


def find_leak(
    strategy: BaseStrategy, ohlcv: Ohlcv, parameters: Values, prefixes: Iterable[int]
) -> Leak | None:
    """Return the first signal that differs when only so many bars have happened yet.

    None for every prefix is no proof, but what sees the future seldom passes a few.
    """
    whole = strategy.generate_signals(ohlcv, parameters)
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
