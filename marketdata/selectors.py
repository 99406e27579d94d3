"""Reading market data: rows for lists, arrays for everything else."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from numpy.typing import NDArray

from botforge.errors import InvalidInput, NotFound
from marketdata.calendars import calendar_of
from marketdata.models import (
    CorporateAction,
    ImportRun,
    Instrument,
    Series,
    SeriesQuality,
)
from marketdata.ohlcv import COLUMNS, Ohlcv
from marketdata.resampling import complete, resample, thin, thinned_starts
from marketdata.sessions import sessions_of
from marketdata.storage import EPOCH, count_candles, read_pinned
from marketdata.timeframes import DAY_MS, Timeframe

# Of an answer in JSON, and of a file to download.
MAX_CANDLES = 20_000
MAX_DOWNLOAD = 2_000_000

type Viewer = AbstractBaseUser | AnonymousUser | None


@dataclass(frozen=True, slots=True)
class CandleQuery:
    """Which candles to show: [start, end), resampled, thinned; None leaves it be."""

    start: datetime | None = None
    end: datetime | None = None
    timeframe: str | None = None
    points: int | None = None


@dataclass(frozen=True, slots=True)
class CandleWindow:
    """Candles to show; ``complete`` (of resampled ones alone) says which are whole."""

    candles: Ohlcv
    complete: NDArray[np.bool_] | None

    def columns(self) -> dict[str, NDArray[np.generic]]:
        columns = dict(zip(COLUMNS, self.candles, strict=True))
        return (
            columns if self.complete is None else columns | {"complete": self.complete}
        )


def series_list(viewer: Viewer = None) -> QuerySet[Series]:
    """Return the series with candles that everybody sees, and the viewer's own."""
    rows = Series.objects.select_related("instrument").filter(bars__gt=0)
    return rows.filter(_visible(viewer))


def instrument_list(viewer: Viewer = None) -> QuerySet[Instrument]:
    """Return the instruments of the series that the viewer sees.

    One without a series is nobody's: it may be left from a private series.
    """
    series = Series.objects.filter(instrument=OuterRef("pk"))
    return Instrument.objects.filter(Exists(series.filter(_visible(viewer))))


def _visible(viewer: Viewer) -> Q:
    public = Q(owner=None) | Q(shared=True)
    return (
        public if viewer is None or viewer.pk is None else public | Q(owner=viewer.pk)
    )


def series_find(
    *, source: str, symbol: str, timeframe: str, viewer: Viewer = None
) -> Series:
    """Return the series with these names; ``NotFound`` says what there is instead.

    The viewer's own comes before one that everybody sees.
    """
    visible = series_list(viewer)
    found = visible.filter(
        instrument__source=source.lower(),
        instrument__symbol=symbol.upper(),
        timeframe=timeframe,
    )
    # One that everybody sees has no owner, or is shared: the last resort.
    own = Case(When(owner=viewer.pk if viewer else None, then=0), default=1)
    if (series := found.order_by(own, "owner", "pk").first()) is not None:
        return series
    others = visible.filter(instrument__symbol=symbol.upper())
    near = ", ".join(str(other) for other in others[:5])
    hint = f"there is {near}" if near else "import it first, or list series/"
    raise NotFound(f"No candles of {symbol} {timeframe} from {source}: {hint}.")


def load_ohlcv(
    series: Series, start: datetime | None, end: datetime | None, warmup_bars: int = 0
) -> tuple[Ohlcv, int]:
    """Return the candles that open in [start, end), preceded by a warm-up.

    The second value is the number of warm-up candles in front: ``warmup_bars``, or
    fewer where the series begins later. Gaps do not shorten it. ``series`` is brought
    to the moment of reading: its revision and hash are those of these candles.
    """
    start_ms, end_ms = _ms_or_none(start), _ms_or_none(end)
    if start_ms is None or warmup_bars <= 0:
        return read_pinned(series, start_ms, end_ms), 0
    reach = warmup_bars * series.step.ms
    while True:
        candles = read_pinned(series, start_ms - reach, end_ms)
        before = int(candles.time.searchsorted(start_ms))
        first_ms = _ms_or_none(series.first) or 0
        if before >= warmup_bars or start_ms - reach <= first_ms:
            break
        reach *= 2
    surplus = max(0, before - warmup_bars)
    return candles.slice(surplus, len(candles)), before - surplus


def count_bars(series: Series, start: datetime, end: datetime) -> int:
    """Return how many candles open in [start, end)."""
    start_ms, end_ms = _ms(start), _ms(end)
    return 0 if start_ms >= end_ms else count_candles(series, start_ms, end_ms)


def candle_window(
    series: Series, query: CandleQuery, *, limit: int = MAX_CANDLES
) -> CandleWindow:
    """Return candles to show: on a higher ``timeframe``, thinned to ``points``.

    Bars of a higher timeframe are whole, as if the whole series were resampled: those
    that open in [start, end), even where the last one ends after ``end``. ``series`` is
    brought to the moment of reading.
    Raises ``InvalidInput`` when the timeframe is not a multiple of the series' own,
    or when the answer would hold more than ``limit`` bars.
    """
    target = resampling_target(series, query.timeframe)
    start_ms, end_ms = (
        None if side is None else target.ceil(_ms(side))
        for side in (query.start, query.end)
    )
    stored = candles = read_pinned(series, start_ms, end_ms)
    whole = None
    if target != series.step:
        candles = resample(stored, target)
        calendar = calendar_of(series.instrument.calendar)
        sessions = sessions_of(stored.time, series.step, calendar)
        whole = complete(stored, candles, target, sessions)
    if query.points is not None:
        return _thinned(candles, whole, query.points)
    if len(candles) > limit:
        raise InvalidInput.field(
            "points",
            "too_many_candles",
            f"The window holds {len(candles):,} candles and an answer at most "
            f"{limit:,}: narrow start and end, raise the timeframe, or give "
            "points to thin them out.",
        )
    return CandleWindow(candles, whole)


def resampling_target(series: Series, timeframe: str | None) -> Timeframe:
    """Return the timeframe to show; None means the series' own.

    Raises ``InvalidInput`` for one that is not a multiple of it.
    """
    step = series.step
    if not timeframe or timeframe == step.code:
        return step
    target = Timeframe.parse(timeframe)
    if step.anchor_ms and target.ms < DAY_MS:
        raise InvalidInput.field(
            "timeframe",
            "off_the_hour",
            f"Bars of {step} that do not open at full ones do not fill bars of "
            f"{target}: show them as {step}, or as days or weeks.",
        )
    if target.ms % step.ms:
        raise InvalidInput.field(
            "timeframe",
            "not_a_multiple",
            f"{target} is not a multiple of the series' timeframe {step}.",
        )
    return target


def _thinned(
    candles: Ohlcv, whole: NDArray[np.bool_] | None, points: int
) -> CandleWindow:
    if whole is not None and len(candles) > points:
        starts = thinned_starts(len(candles), points)
        whole = np.logical_and.reduceat(whole, starts)
    return CandleWindow(thin(candles, points), whole)


def quality_of(series: Series) -> SeriesQuality:
    """Return the stored report; ``NotFound`` for a series that was never checked."""
    report = SeriesQuality.objects.filter(series=series).first()
    if report is None:
        raise NotFound("This series has not been checked; run check_candles.")
    report.series = series
    return report


def actions_of(series: Series) -> QuerySet[CorporateAction]:
    """Return the splits and dividends that came with the candles, in order of time."""
    return CorporateAction.objects.filter(series=series).order_by("time", "kind")


def refused_rows(series: Series) -> dict[str, int]:
    """Return how many rows the series' imports did not store, by reason.

    Only of imports that stored something: the same file again says nothing new.
    """
    stored = series.imports.filter(Q(new__gt=0) | Q(changed__gt=0))
    total: Counter[str] = Counter()
    for run in stored.only("rejected"):
        total.update(refused_of(run))
    return dict(sorted(total.items()))


def refused_of(run: ImportRun) -> dict[str, int]:
    """Return the rows that one import did not store, by reason."""
    return {reason: n for reason, n in run.rejected.items() if n}


def coverage_bars(
    series: Series, gaps: list[dict[str, Any]]
) -> list[dict[str, object]]:
    """Return listed gaps as bars on a scale from 0 to 1000, to be drawn."""
    if series.first is None or series.last is None:
        return []
    begin, end = series.first_and_after
    bars: list[dict[str, object]] = []
    for gap in gaps:
        first, after = (datetime.fromisoformat(gap[side]) for side in ("start", "end"))
        bars.append(
            {
                "x": round(1000 * ((first - begin) / (end - begin)), 2),
                # Wide enough to be seen.
                "width": max(1.0, round(1000 * ((after - first) / (end - begin)), 2)),
                "kind": str(gap["kind"]),
            }
        )
    return bars


def _ms(moment: datetime) -> int:
    """Return milliseconds since the epoch, rounded up to a whole one."""
    # In whole numbers: a float of seconds is off by a fraction of a millisecond.
    return -((EPOCH - moment) // timedelta(milliseconds=1))


def _ms_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else _ms(moment)
