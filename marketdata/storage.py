"""Candles in the database: the only place that knows the blocks.

A block holds the candles of one window of ``BLOCK_BARS`` bar lengths, aligned to the
epoch, so that the same candles always fall into the same blocks and a write touches
only the blocks it changes.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import FilteredRelation, Q, QuerySet, Sum

from botforge.binary_rows import binary_cursor
from botforge.errors import Conflict, NotFound
from marketdata.calendars import calendar_of
from marketdata.encoding import content_hash, decode_all, encode
from marketdata.gaps import find_gaps
from marketdata.merging import OnConflict, merge
from marketdata.models import CandleBlock, Series, SeriesQuality
from marketdata.ohlcv import Ohlcv
from marketdata.quality import QualityReport, check

BLOCK_BARS = 8192
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What a series' row says of its candles.
SUMMARY = (
    *("revision", "content_hash", "first", "last"),
    *("bars", "gaps", "missing_bars", "grade"),
)

type Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Written:
    """How many candles a write added, changed and found as they were."""

    new: int
    changed: int
    unchanged: int


def read_candles(series: Series, start_ms: int | None, end_ms: int | None) -> Ohlcv:
    """Return the candles that open in [start_ms, end_ms); None leaves a side open."""
    blocks = CandleBlock.objects.filter(_touches(series, start_ms, end_ms, ""))
    rows = blocks.filter(series=series).order_by("number")
    parts = _fetched(rows.values_list("bars", "payload"))
    return decode_all(parts).between(start_ms, end_ms)


def read_pinned(series: Series, start_ms: int | None, end_ms: int | None) -> Ohlcv:
    """Return candles as ``read_candles`` does, and sum ``series`` up as of then.

    Candles, revision, hash and the rest of ``SUMMARY`` come in one statement, so that
    no write can fall between them: whoever pins the revision pins these candles.
    Raises ``NotFound`` when the series has been deleted meanwhile.
    """
    touched = FilteredRelation(
        "blocks", condition=_touches(series, start_ms, end_ms, "blocks__")
    )
    rows = Series.objects.filter(pk=series.pk).annotate(part=touched)
    columns = (*SUMMARY, "part__bars", "part__payload")
    found = _fetched(rows.order_by("part__number").values_list(*columns))
    if not found:
        raise NotFound("This series has just been deleted.")
    for name, value in zip(SUMMARY, found[0], strict=False):
        setattr(series, name, value)
    parts = [row[len(SUMMARY) :] for row in found if row[-1] is not None]
    return decode_all(parts).between(start_ms, end_ms)


def count_candles(series: Series, start_ms: int, end_ms: int) -> int:
    """Return how many candles open in [start_ms, end_ms).

    Decodes the blocks that the window cuts, which are two at most.
    """
    span, cut = span_of(series), list[int]()
    first, last = start_ms // span, (end_ms - 1) // span
    whole_from, whole_to = first, last
    # A window that reaches beyond the series cuts no block there.
    opens = [milliseconds(side) for side in (series.first, series.last) if side]
    if start_ms > max([first * span, *opens[:1]]):
        whole_from, cut = first + 1, [first]
    if end_ms <= min([(last + 1) * span - 1, *opens[1:]]):
        whole_to, cut = last - 1, [*cut, last]
    inner = series.blocks.filter(number__gte=whole_from, number__lte=whole_to)
    count = inner.aggregate(bars=Sum("bars"))["bars"] or 0
    for number in sorted(set(cut)):
        begin, end = window_of(number, span)
        count += len(read_candles(series, max(begin, start_ms), min(end, end_ms)))
    return count


def write_candles(
    series: Series,
    ohlcv: Ohlcv,
    *,
    on_conflict: OnConflict = OnConflict.REPLACE,
    progress: Progress | None = None,
) -> Written:
    """Merge candles into a series, all or nothing, and sum the series up again.

    ``progress`` is called with (candles done, candles in all) after each block.
    Raises ``Conflict`` when other values are stored and ``on_conflict`` is FAIL, and
    ``ValueError`` for candles that do not open where the series' timeframe does.
    """
    if ((ohlcv.time - series.step.origin_ms) % series.step.ms).any():
        raise ValueError(f"candles are off the grid of {series.step}")
    new = changed = unchanged = done = 0
    with transaction.atomic():
        series = lock_series(series)
        for number, part in _split(ohlcv, span_of(series)):
            stored = read_candles(series, *window_of(number, span_of(series)))
            result = merge(stored, part, on_conflict)
            if result.first_changed_ms is not None and on_conflict is OnConflict.FAIL:
                raise Conflict(
                    "Stored candles have other values, the first of them at "
                    f"{moment_of(result.first_changed_ms):%Y-%m-%d %H:%M}; "
                    "nothing was changed."
                )
            if result.ohlcv is not stored:
                save_block(series, number, result.ohlcv, exists=len(stored) > 0)
            new += result.new
            changed += result.changed
            unchanged += result.unchanged
            done += len(part)
            if progress is not None:
                progress(done, len(ohlcv))
        stored_changes = changed if on_conflict is OnConflict.REPLACE else 0
        if new or stored_changes:
            sum_up(series)
    return Written(new, changed, unchanged)


def span_of(series: Series) -> int:
    return series.step.ms * BLOCK_BARS


def window_of(number: int, span: int) -> tuple[int, int]:
    return number * span, (number + 1) * span


def _split(ohlcv: Ohlcv, span: int) -> Iterator[tuple[int, Ohlcv]]:
    """Yield (block number, candles) for every block that the candles touch."""
    numbers = ohlcv.time // span
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1))
    borders = [*starts.tolist(), len(ohlcv)]
    for start, stop in pairwise(borders):
        yield int(numbers[start]), ohlcv.slice(start, stop)


def save_block(series: Series, number: int, ohlcv: Ohlcv, *, exists: bool) -> None:
    values = block_values(series, ohlcv)
    # The locked series row keeps this true; asking again would fetch the payload.
    if exists:
        CandleBlock.objects.filter(series=series, number=number).update(**values)
    else:
        CandleBlock.objects.create(series=series, number=number, **values)


def block_values(series: Series, ohlcv: Ohlcv) -> dict[str, Any]:
    return {
        "bars": len(ohlcv),
        "first_ms": int(ohlcv.time[0]),
        "last_ms": int(ohlcv.time[-1]),
        "gaps": find_gaps(ohlcv.time, series.step).places,
        "content_hash": content_hash(ohlcv),
        "payload": encode(ohlcv),
    }


def lock_series(series: Series) -> Series:
    """Return the series as it is, for this transaction alone to write.

    Writers of one series take turns; the row is the lock.
    """
    rows = Series.objects.select_related("instrument").select_for_update(of=("self",))
    return rows.get(pk=series.pk)


def sum_up(series: Series) -> None:
    """Recompute the summary of a locked series from its blocks, as a new revision."""
    blocks = series.blocks.order_by("number").values_list("number", "content_hash")
    digest = hashlib.sha256()
    for number, block_hash in blocks:
        digest.update(f"{number}:{block_hash}\n".encode())
    series.content_hash = digest.hexdigest() if blocks else ""
    series.revision += 1
    series.save(update_fields=["content_hash", "revision", "updated_at"])
    grade_series(series)


def grade_series(series: Series) -> QualityReport:
    """Check the candles of a locked series and store what was found."""
    candles = read_candles(series, None, None)
    report = check(candles, series.step, calendar_of(series.instrument.calendar))
    series.bars = len(candles)
    series.first = series.last = None
    if series.bars:
        series.first = moment_of(int(candles.time[0]))
        series.last = moment_of(int(candles.time[-1]))
    series.gaps, series.missing_bars = report.gaps, report.missing_bars
    series.grade = report.grade if series.bars else ""
    series.save(
        update_fields=["bars", "first", "last", "gaps", "missing_bars", "grade"]
    )
    SeriesQuality.objects.update_or_create(
        series=series,
        defaults={"revision": series.revision, "report": report.as_json()},
    )
    return report


def _touches(
    series: Series, start_ms: int | None, end_ms: int | None, prefix: str
) -> Q:
    """Return the condition of the blocks that a window touches."""
    span, touched = span_of(series), Q()
    if start_ms is not None:
        touched &= Q((f"{prefix}number__gte", start_ms // span))
    if end_ms is not None:
        touched &= Q((f"{prefix}number__lte", (end_ms - 1) // span))
    return touched


def _fetched(rows: QuerySet[Any, Any]) -> list[Any]:
    """Return the rows of a query that has payloads among its columns.

    On PostgreSQL over the binary protocol: the text protocol that Django's cursor
    speaks sends every byte as two hexadecimal digits, at four times the time.
    """
    if connection.vendor != "postgresql":
        return list(rows)
    sql, parameters = rows.query.sql_with_params()
    with binary_cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def moment_of(time_ms: float) -> datetime:
    """Return the moment so many milliseconds after the epoch."""
    return EPOCH + timedelta(milliseconds=time_ms)


def milliseconds(moment: datetime) -> int:
    """Return the milliseconds since the epoch, rounded down."""
    return (moment - EPOCH) // timedelta(milliseconds=1)
