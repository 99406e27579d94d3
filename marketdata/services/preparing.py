"""A file made ready to be stored: which series it is of, and which rows are candles."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np

from marketdata.adjusting import with_dividends
from marketdata.anchors import anchor_of
from marketdata.cleaning import Cleaned, RawCandles, clean, time_is_sane
from marketdata.counting import Counts, count
from marketdata.formats.base import Progress, Table
from marketdata.formats.detection import detect
from marketdata.formats.refusing import refusal
from marketdata.formats.sources import Source
from marketdata.services.bar_length import SHORTEST, check_spacing, timeframe_of
from marketdata.services.naming import Names, Said, adjustment_of, calendar_of
from marketdata.services.prepared import Prepared
from marketdata.services.target import Target
from marketdata.timeframes import DAY_MS, MINUTE_MS, Timeframe

__all__ = ["Prepared", "Said", "prepare"]

BY_DATE = "a day is stored under its date on the exchange, not the date in UTC"

# Returns how long after a full one the bars of a stored series open, None without one.
type Anchored = Callable[[Target], int | None]


def _nothing_stored(target: Target) -> int | None:
    return None


def prepare(
    source: Source,
    said: Said,
    now: datetime,
    progress: Progress,
    into: Prepared,
    anchored: Anchored = _nothing_stored,
) -> tuple[Target, Cleaned]:
    """Fill ``into`` step by step, so that a refusal leaves what was found before it.

    Raises ``InvalidInput`` when the file holds no candles, or does not tell of what.
    """
    found = detect(source, said.wishes)
    into.format, into.facts = found.name, found.facts
    into.notes += found.facts.notes
    table = found.read(progress)
    into.notes += table.remarks
    raw = table.raw
    symbol = table.symbol or found.facts.symbol
    if len(raw.time) == 0:
        into.counts = Counts.nothing()
        raise refusal("no_candles", "the file holds no candles; fetch it again")
    names = Names(said, replace(found.facts, symbol=symbol))
    into.symbol = said.symbol or symbol
    if not time_is_sane(raw.opens).any():
        into.counts = count(raw, SHORTEST)
        raise refusal("times", _unread(table, into.counts))
    timeframe = timeframe_of(raw, names, into)
    into.timeframe = timeframe.code
    raw = _on_the_grid(raw, timeframe, into, closes=table.labels_close)
    into.counts = count(raw, timeframe, weekdays=names.closes_at_weekends)
    check_spacing(raw.opens, timeframe)
    target = Target.of(
        names.choose("source", into), names.choose("symbol", into), timeframe.code
    )
    into.symbol = target.symbol
    into.calendar = calendar_of(raw.opens, target, names, into)
    into.adjustment = adjustment_of(names, into)
    anchor = anchored(target)
    if anchor is None:
        anchor = anchor_of(raw.opens, timeframe, into.calendar)
    into.target = target.anchored(anchor)
    raw = raw if raw.adjusted is None else with_dividends(raw)
    # Kept only where its splits and dividends are still to be read: it is large.
    into.raw = raw if raw.tells_actions else RawCandles.empty()
    into.cleaned = clean(raw, into.target.timeframe, int(now.timestamp() * 1000))
    if len(into.cleaned.ohlcv) == 0:
        why = _nothing_left(into.cleaned, into.target.timeframe)
        raise refusal("no_candles", why)
    return into.target, into.cleaned


def _on_the_grid(
    raw: RawCandles, timeframe: Timeframe, into: Prepared, *, closes: bool
) -> RawCandles:
    """Return open times for labels of closes; dates only where bars are days."""
    if closes:
        # The last millisecond of a bar is that before the next one's open.
        after = np.where(raw.time % 1000 == 999, raw.time + 1, raw.time)
        raw = replace(raw, time=after - timeframe.ms)
    if raw.day is not None and timeframe.ms % DAY_MS:
        return replace(raw, day=None)
    if raw.day is not None:
        into.notes.append(BY_DATE)
    return raw


def _unread(table: Table, counts: Counts) -> str:
    """Return why none of the times is one of a market."""
    if table.unread is not None:
        return (
            f"its times, such as “{table.unread}”, are not written in a way that is "
            "known here; write them as 2024-12-31 23:59, or as Unix time"
        )
    return (
        f"none of its {counts.rows} times is between 1980 and 2262; look at its time "
        "column"
    )


def _nothing_left(cleaned: Cleaned, timeframe: Timeframe) -> str:
    if timeframe.code == "1w" and cleaned.rejected.get("off_grid") == cleaned.rows:
        return (
            "its weeks begin on another day than Monday, as weeks do here; import "
            "daily bars instead"
        )
    reasons = ", ".join(f"{n} {reason}" for reason, n in cleaned.rejected.items())
    if timeframe.anchor_ms and "off_grid" in cleaned.rejected:
        reasons += (
            f" (the stored bars open {timeframe.anchor_ms // MINUTE_MS} minutes after "
            "a full one)"
        )
    return (
        f"none of the {cleaned.rows} rows is a candle: {reasons}; check its columns "
        "and its timeframe"
    )
