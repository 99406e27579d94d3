"""Candles from a provider into their series, page by page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from botforge.errors import Conflict
from marketdata.anchors import anchor_of
from marketdata.cleaning import KEPT_ROWS, Cleaned, RawCandles, Refused, clean
from marketdata.gaps import find_gaps
from marketdata.merging import OnConflict
from marketdata.models import ImportRun, Series
from marketdata.ohlcv import COLUMNS
from marketdata.providers.base import ProviderError
from marketdata.providers.paging import Page, pages
from marketdata.providers.patience import Patience
from marketdata.services.actions import ActionsWritten, actions_write
from marketdata.services.fetch_requests import (
    OVERLAP_BARS,
    Fetch,
    FetchRequest,
    fetch_again,
    fetch_resolve,
    fetch_resume,
)
from marketdata.services.placing import Place, adjustment_check, series_place
from marketdata.services.refused_rows import refused_rows_add
from marketdata.services.scales import (
    OTHER_SCALE,
    cover_check,
    later_split_check,
    scale_check,
)
from marketdata.storage import Written, milliseconds, moment_of, write_candles
from marketdata.timeframes import Timeframe

__all__ = [
    "FORMAT",
    "OVERLAP_BARS",
    "Fetch",
    "FetchRequest",
    "Fetched",
    "Progress",
    "candles_fetch",
    "fetch_resolve",
    "fetch_resume",
    "utc_now",
]

FORMAT = "provider"

type OnPage = Callable[["Progress"], object]
type Now = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Progress:
    """The window is fetched ``until`` here; ``run`` counts what its pages stored."""

    run: ImportRun
    until: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch came to; ``missing_bars`` are the gaps between its bars.

    ``whole`` says that the whole series was fetched anew, after a split or dividend.
    """

    run: ImportRun
    first: datetime
    last: datetime
    missing_bars: int
    actions: ActionsWritten
    whole: bool = False


@dataclass(slots=True)
class _Tally:
    """What the pages so far add up to."""

    run: ImportRun | None = None
    first_ms: int | None = None
    last_ms: int | None = None
    missing_bars: int = 0
    rows: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    actions: ActionsWritten = field(default_factory=ActionsWritten)

    def add(self, cleaned: Cleaned, timeframe: Timeframe) -> None:
        self.rows += cleaned.rows
        self.refused = (self.refused + cleaned.refused)[:KEPT_ROWS]
        for reason, count in cleaned.rejected.items():
            self.rejected[reason] = self.rejected.get(reason, 0) + count
        time: NDArray[np.int64] = cleaned.ohlcv.time
        if len(time) == 0:
            return
        if self.last_ms is not None:
            time = np.concatenate([[self.last_ms], time])
        else:
            self.first_ms = int(time[0])
        self.missing_bars += find_gaps(time, timeframe).missing_bars
        self.last_ms = int(time[-1])


def candles_fetch(
    *,
    fetch: Fetch,
    known: bool = False,
    patience: Patience | None = None,
    now: Now = utc_now,
    on_page: OnPage | None = None,
    run: ImportRun | None = None,
) -> Fetched:
    """Fetch and store the window; each page in a transaction of its own.

    So a fetch that is killed leaves whole pages, and one that runs again finds them
    unchanged. ``known`` says that the series has a bar at the window's start.
    ``on_page`` is called inside the page's transaction: what it raises undoes the page.
    ``run`` is the record to go on with, of a fetch that was killed.
    Where Yahoo's prices have changed their scale since the last fetch, after a split or
    a dividend, the whole series is fetched anew, in one transaction.
    Raises ``ProviderError`` when the provider fails, and ``Conflict`` when the series
    holds prices that are adjusted otherwise.
    """
    tally = _Tally()
    if run is not None:
        tally = _Tally(run=run, rows=run.rows, rejected=dict(run.rejected))
    work = _Work(fetch, tally, patience or Patience(), now, on_page)
    series = Place(fetch.target).existing()
    if series is not None:
        adjustment_check(series=series, adjustment=fetch.provider.adjustment)
    whole = False
    try:
        work.pages(known=known)
    except Conflict as error:
        again = fetch_again(fetch=work.fetch, now=now())
        if error.code != OTHER_SCALE or again is None:
            raise
        whole = True
        work.fetch = again
        work.everything()
    if tally.run is None or tally.first_ms is None or tally.last_ms is None:
        raise ProviderError(_nothing_stored(fetch, tally), code="no_candles")
    return Fetched(
        tally.run,
        moment_of(tally.first_ms),
        moment_of(tally.last_ms),
        tally.missing_bars if tally.run.series.instrument.always_open else 0,
        tally.actions,
        whole,
    )


@dataclass(slots=True)
class _Work:
    """One fetch under way."""

    fetch: Fetch
    tally: _Tally
    patience: Patience
    now: Now
    on_page: OnPage | None

    def pages(self, *, known: bool) -> None:
        """Store page by page."""
        for page in self._asked(known=known):
            self._anchor(page.raw)
            self._store(page, whole=False)

    def everything(self) -> None:
        """Store all pages together, in place of the whole series."""
        found = list(self._asked(known=True))
        parts = [page.raw for page in found]
        joined = {
            name: np.concatenate([getattr(raw, name) for raw in parts])
            for name in (*COLUMNS, "dividend", "split")
            if all(getattr(raw, name) is not None for raw in parts)
        }
        self.tally.first_ms = self.tally.last_ms = None
        self._store(Page(RawCandles(**joined), found[-1].until_ms), whole=True)

    def _asked(self, *, known: bool) -> Iterator[Page]:
        fetch = self.fetch
        return pages(fetch.provider, fetch.window, self.patience, known=known)

    def _anchor(self, raw: RawCandles) -> None:
        """Learn from the first bars of a new series where they open."""
        if self.tally.run is not None or self.fetch.continues:
            return
        window = self.fetch.window
        calendar = self.fetch.provider.calendar(window.symbol)
        anchor = anchor_of(raw.opens, window.timeframe, calendar)
        target = self.fetch.target.anchored(anchor)
        window = replace(window, timeframe=target.timeframe)
        self.fetch = replace(self.fetch, target=target, window=window)

    def _store(self, page: Page, *, whole: bool) -> None:
        fetch, tally = self.fetch, self.tally
        timeframe = fetch.window.timeframe
        cleaned = clean(page.raw, timeframe, milliseconds(self.now()))
        if not len(cleaned.ohlcv):
            tally.add(cleaned, timeframe)
            return
        with transaction.atomic():
            place = Place(
                fetch.target,
                calendar=fetch.provider.calendar(fetch.window.symbol),
                adjustment=fetch.provider.adjustment,
            )
            series = series_place(place=place)
            if whole:
                cover_check(series=series, ohlcv=cleaned.ohlcv)
            else:
                scale_check(series=series, ohlcv=cleaned.ohlcv)
                later_split_check(series=series, raw=page.raw, ohlcv=cleaned.ohlcv)
            tally.add(cleaned, timeframe)
            written = write_candles(series, cleaned.ohlcv)
            tally.actions += actions_write(
                series=series, raw=page.raw, on_conflict=OnConflict.REPLACE
            )
            tally.run = _record(fetch, series, tally, written)
            if self.on_page is not None:
                until, end = moment_of(page.until_ms), moment_of(fetch.window.end_ms)
                self.on_page(Progress(tally.run, until, end))


def _record(fetch: Fetch, series: Series, tally: _Tally, written: Written) -> ImportRun:
    """Create the fetch's record with the first page, and add the others to it."""
    series.refresh_from_db()
    run = tally.run or ImportRun(
        series=series, origin=fetch.provider.name, format=FORMAT
    )
    run.rows, run.rejected = tally.rows, dict(tally.rejected)
    run.new = (run.new or 0) + written.new
    run.changed = (run.changed or 0) + written.changed
    run.unchanged = (run.unchanged or 0) + written.unchanged
    run.revision = series.revision
    run.series = series
    run.save()
    refused_rows_add(run=run, refused=tally.refused, lines=False)
    tally.refused = ()
    return run


def _nothing_stored(fetch: Fetch, tally: _Tally) -> str:
    reasons = ", ".join(f"{n} {why}" for why, n in tally.rejected.items())
    hint = ""
    if tally.rejected.get("off_grid") == tally.rows:
        hint = " Its bars open at other times than ours: take a shorter timeframe."
    return (
        f"None of the {tally.rows} rows of {fetch.provider.name} is a candle: "
        f"{reasons}.{hint}"
    )
