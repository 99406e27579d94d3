"""Candles from a provider into their series, page by page."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from botforge.errors import Conflict, InvalidInput, NotAvailable
from marketdata.cleaning import Cleaned, clean
from marketdata.gaps import find_gaps
from marketdata.models import ImportRun, Instrument, Series
from marketdata.providers.base import Hours, Provider, ProviderError, Window
from marketdata.providers.paging import Page, pages
from marketdata.providers.patience import Patience
from marketdata.providers.registry import load_provider
from marketdata.services.importing import Target
from marketdata.storage import EPOCH, Written, read_candles, write_candles
from marketdata.timeframes import Timeframe

# Revisions reach back this far: the last bar stored may have been an early version.
OVERLAP_BARS = 2
FORMAT = "provider"

type OnPage = Callable[["Progress"], object]
type Now = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What a user asks for; ``end`` None is this moment."""

    source: str
    symbol: str
    timeframe: str
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """A request that has a meaning: which provider, which series, which bars."""

    provider: Provider
    target: Target
    window: Window


@dataclass(frozen=True, slots=True)
class Progress:
    """The window is fetched ``until`` here; ``run`` counts what its pages stored."""

    run: ImportRun
    until: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch came to; ``missing_bars`` are the gaps between its bars."""

    run: ImportRun
    first: datetime
    last: datetime
    missing_bars: int


def fetch_resolve(*, request: FetchRequest, now: datetime) -> Fetch:
    """Check a request without asking the provider.

    Raises ``InvalidInput`` for names that are none, and ``NotAvailable`` with the code
    ``range_not_available`` for a window that the provider cannot have.
    """
    provider = load_provider(request.source)
    target = Target.of(provider.source, request.symbol, request.timeframe)
    timeframe = target.timeframe
    if timeframe.code not in provider.timeframes:
        raise InvalidInput.field(
            "timeframe",
            "unknown_timeframe",
            f"{provider.name} has no {timeframe} candles; "
            f"it has {', '.join(provider.timeframes)}.",
        )
    now_ms = milliseconds(now)
    start_ms = timeframe.ceil(milliseconds(request.start))
    end_ms = milliseconds(request.end) if request.end is not None else now_ms
    if end_ms <= milliseconds(request.start):
        raise InvalidInput.field("end", "invalid", "The end must be after the start.")
    # Nothing later can be over.
    end_ms = min(end_ms, timeframe.floor(now_ms))
    _check_range(provider, timeframe, start_ms, end_ms, now_ms)
    window = Window(target.symbol, timeframe, start_ms, end_ms)
    return Fetch(provider, target, window)


def fetch_resume(*, fetch: Fetch) -> tuple[Fetch, bool]:
    """Return the fetch from the last stored bars on, and whether there are any."""
    series = _existing(fetch.target)
    window = fetch.window
    if series is None:
        return fetch, False
    last_ms = _last_stored(series, window)
    if last_ms is None:
        return fetch, False
    again = last_ms - (OVERLAP_BARS - 1) * window.timeframe.ms
    start_ms = max(window.start_ms, again)
    return replace(fetch, window=replace(window, start_ms=start_ms)), True


@dataclass(slots=True)
class _Tally:
    """What the pages so far add up to."""

    run: ImportRun | None = None
    first_ms: int | None = None
    last_ms: int | None = None
    missing_bars: int = 0
    rows: int = 0
    rejected: dict[str, int] = field(default_factory=dict)

    def add(self, cleaned: Cleaned, timeframe: Timeframe) -> None:
        self.rows += cleaned.rows
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
    Raises ``ProviderError`` when the provider fails, and ``Conflict`` when the series
    holds prices that are adjusted otherwise.
    """
    tally = _Tally()
    if run is not None:
        tally = _Tally(run=run, rows=run.rows, rejected=dict(run.rejected))
    window = fetch.window
    _check_adjustment(fetch, _existing(fetch.target))
    for page in pages(fetch.provider, window, patience or Patience(), known=known):
        cleaned = clean(page.raw, window.timeframe, milliseconds(now()))
        tally.add(cleaned, window.timeframe)
        if len(cleaned.ohlcv):
            _store(fetch, page, cleaned, tally, on_page)
    if tally.run is None or tally.first_ms is None or tally.last_ms is None:
        raise ProviderError(_nothing_stored(fetch, tally), code="no_candles")
    return Fetched(
        tally.run,
        _moment(tally.first_ms),
        _moment(tally.last_ms),
        tally.missing_bars if _always_open(tally.run.series) else 0,
    )


def _store(
    fetch: Fetch, page: Page, cleaned: Cleaned, tally: _Tally, on_page: OnPage | None
) -> None:
    with transaction.atomic():
        series = _series(fetch)
        written = write_candles(series, cleaned.ohlcv)
        tally.run = _record(fetch, series, tally, written)
        if on_page is not None:
            until, end = _moment(page.until_ms), _moment(fetch.window.end_ms)
            on_page(Progress(tally.run, until, end))


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
    return run


def _series(fetch: Fetch) -> Series:
    """Return the series that everybody shares, made on first use."""
    hours = fetch.provider.hours(fetch.window.symbol)
    calendar = Instrument.Calendar.ALWAYS
    if hours is Hours.EXCHANGE:
        calendar = Instrument.Calendar.EXCHANGE
    instrument, _ = Instrument.objects.get_or_create(
        source=fetch.target.source,
        symbol=fetch.target.symbol,
        defaults={"calendar": calendar},
    )
    series, _ = Series.objects.get_or_create(
        instrument=instrument,
        timeframe=fetch.target.timeframe.code,
        owner=None,
        defaults={"adjustment": fetch.provider.adjustment},
    )
    return series


def _existing(target: Target) -> Series | None:
    return Series.objects.filter(
        instrument__source=target.source,
        instrument__symbol=target.symbol,
        timeframe=target.timeframe.code,
        owner=None,
    ).first()


def _last_stored(series: Series, window: Window) -> int | None:
    """Return the open of the last bar stored in the window; None without one."""
    blocks = series.blocks.filter(first_ms__lt=window.end_ms).order_by("-number")
    block_ms = blocks.values_list("first_ms", flat=True).first()
    if block_ms is None:
        return None
    start_ms = max(block_ms, window.start_ms)
    stored = read_candles(series, start_ms, max(start_ms, window.end_ms))
    return int(stored.time[-1]) if len(stored) else None


def _check_range(
    provider: Provider, timeframe: Timeframe, start_ms: int, end_ms: int, now_ms: int
) -> None:
    earliest_ms = provider.earliest_ms(timeframe, now_ms)
    if start_ms < earliest_ms:
        raise NotAvailable(
            f"{provider.name} has {timeframe} candles from "
            f"{_moment(earliest_ms):%Y-%m-%dT%H:%M:%SZ} on: start there or later.",
            code="range_not_available",
        )
    if start_ms >= end_ms:
        raise NotAvailable(
            f"There is no {timeframe} candle in this window that is over: the last one "
            f"that is opened at "
            f"{_moment(timeframe.floor(now_ms) - timeframe.ms):%Y-%m-%dT%H:%M:%SZ}.",
            code="range_not_available",
        )


def _check_adjustment(fetch: Fetch, series: Series | None) -> None:
    wanted = Series.Adjustment(fetch.provider.adjustment)
    if series is None or series.bars == 0 or series.adjustment == wanted:
        return
    raise Conflict(
        f"{series} holds prices {Series.Adjustment(series.adjustment).label}, and "
        f"{fetch.provider.name} gives them {wanted.label}: one series cannot hold both."
    )


def _always_open(series: Series) -> bool:
    return series.instrument.calendar == Instrument.Calendar.ALWAYS


def _nothing_stored(fetch: Fetch, tally: _Tally) -> str:
    reasons = ", ".join(f"{n} {why}" for why, n in tally.rejected.items())
    hint = ""
    if tally.rejected.get("off_grid") == tally.rows:
        hint = " Its bars open at other times than ours: take a shorter timeframe."
    return (
        f"None of the {tally.rows} rows of {fetch.provider.name} is a candle: "
        f"{reasons}.{hint}"
    )


def milliseconds(moment: datetime) -> int:
    """Return the milliseconds since the epoch."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def _moment(time_ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=time_ms)
