"""From pages to a window, and how to tell "there is nothing" from "nothing came".

Every request after the first begins at the last bar that is known: an answer that does
not even hold that one is no answer, whatever its status says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from marketdata.cleaning import RawCandles
from marketdata.providers.base import IncompleteError, Provider, ProviderError, Window
from marketdata.providers.patience import Patience


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as they came, in the window, and until when the window is now known."""

    raw: RawCandles
    until_ms: int


def pages(
    provider: Provider, wanted: Window, patience: Patience, *, known: bool
) -> Iterator[Page]:
    """Yield the candles of a window, page by page.

    ``known`` says that there must be a bar at the window's start, because one is
    stored. Raises ``ProviderError``: when the provider refuses, when it goes on giving
    empty or broken answers, or when it has nothing of the window.
    """
    span = provider.page_bars(wanted.symbol, wanted.timeframe) * wanted.timeframe.ms
    cursor, found = wanted.start_ms, False
    while cursor < wanted.end_ms:
        window = replace(
            wanted, start_ms=cursor, end_ms=min(cursor + span, wanted.end_ms)
        )
        raw = patience.call(partial(_ask, provider, window, known=known, seen=found))
        inside = _inside(raw, cursor, wanted.end_ms)
        if len(inside.time) == 0:
            cursor = _after_nothing(provider, wanted, raw, window, patience)
            # Longer bars say that there are some here after all.
            known = cursor == window.start_ms
        else:
            last = wanted.timeframe.floor(int(inside.time.max()))
            # The bar before is asked for again only to see that the answer is one.
            fresh = _inside(inside, cursor + 1, wanted.end_ms) if found else inside
            if len(fresh.time):
                yield Page(fresh, last + wanted.timeframe.ms)
            advanced = last > cursor
            found, known = True, advanced
            cursor = last if advanced else window.end_ms
            if last + wanted.timeframe.ms >= wanted.end_ms:
                return
        if cursor < wanted.end_ms:
            patience.pause(provider.pause_seconds)
    if not found:
        raise ProviderError(
            f"{provider.name} has no candles of {wanted.symbol} {wanted.timeframe} "
            "in this window.",
            code="no_data",
        )


def _ask(provider: Provider, window: Window, *, known: bool, seen: bool) -> RawCandles:
    """Return an answer; ``TemporaryError`` when it cannot be the whole of one.

    ``known`` says that it must hold anything, ``seen`` that it must hold the bar at
    the window's start, which this provider has just given.
    """
    raw = provider.fetch(window)
    if known and len(raw.time) == 0:
        raise IncompleteError(
            f"{provider.name} answered with nothing for a window in which it has "
            "candles."
        )
    if known and seen and not (raw.time < window.start_ms + window.timeframe.ms).any():
        raise IncompleteError(f"{provider.name} left out a candle that it gave before.")
    return raw


def _after_nothing(
    provider: Provider,
    wanted: Window,
    raw: RawCandles,
    window: Window,
    patience: Patience,
) -> int:
    """Return where to go on after a window without candles."""
    later = raw.time[raw.time >= window.end_ms]
    if len(later):
        # It only has what is younger: there is nothing before that.
        return wanted.timeframe.floor(int(later.min()))
    rest = replace(wanted, start_ms=window.start_ms)
    there = patience.call(partial(provider.next_bars, rest))
    if there is None:
        return wanted.end_ms
    if there.from_ms >= window.start_ms and there.until_ms <= window.end_ms:
        return window.start_ms
    return max(window.end_ms, wanted.timeframe.floor(there.from_ms))


def _inside(raw: RawCandles, start_ms: int, end_ms: int) -> RawCandles:
    """Return the rows in [start_ms, end_ms); a time that is none is not inside."""
    keep = (raw.time >= start_ms) & (raw.time < end_ms)
    return raw.rows(keep)
