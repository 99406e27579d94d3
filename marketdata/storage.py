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
import psycopg
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet, Sum

from botforge.errors import Conflict
from marketdata.encoding import content_hash, decode_all, decode_one, encode
from marketdata.gaps import find_gaps
from marketdata.merging import OnConflict, merge
from marketdata.models import CandleBlock, Series, SeriesQuality
from marketdata.ohlcv import Ohlcv
from marketdata.quality import QualityReport, check

BLOCK_BARS = 8192
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

type Progress = Callable[[int, int], object]
type Wrap = Callable[[Any], CursorWrapper]


@dataclass(frozen=True, slots=True)
class Written:
    """How many candles a write added, changed and found as they were."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Damage:
    """What was wrong with a block, and how many bars were lost with it."""

    number: int
    kind: str
    lost: int


# By the column that is wrong, the worst first.
DAMAGES = {
    "content_hash": "wrong hash",
    "bars": "wrong count",
    "first_ms": "wrong count",
    "last_ms": "wrong count",
    "gaps": "wrong count",
    "payload": "old encoding",
}


def read_candles(series: Series, start_ms: int | None, end_ms: int | None) -> Ohlcv:
    """Return the candles that open in [start_ms, end_ms); None leaves a side open."""
    span = _span(series)
    blocks = CandleBlock.objects.filter(series=series)
    if start_ms is not None:
        blocks = blocks.filter(number__gte=start_ms // span)
    if end_ms is not None:
        blocks = blocks.filter(number__lte=(end_ms - 1) // span)
    return decode_all(_payloads(blocks)).between(start_ms, end_ms)


def count_candles(series: Series, start_ms: int, end_ms: int) -> int:
    """Return how many candles open in [start_ms, end_ms), decoding two blocks."""
    span = _span(series)
    first, last = start_ms // span, (end_ms - 1) // span
    inner = series.blocks.filter(number__gt=first, number__lt=last)
    count = inner.aggregate(bars=Sum("bars"))["bars"] or 0
    for number in sorted({first, last}):
        begin, end = _window(number, span)
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
        for number, part in _split(ohlcv, _span(series)):
            stored = read_candles(series, *_window(number, _span(series)))
            result = merge(stored, part, on_conflict)
            if result.first_changed_ms is not None and on_conflict is OnConflict.FAIL:
                raise Conflict(
                    "Stored candles have other values, the first of them at "
                    f"{_moment(result.first_changed_ms):%Y-%m-%d %H:%M}; "
                    "nothing was changed."
                )
            if result.ohlcv is not stored:
                _save_block(series, number, result.ohlcv, exists=len(stored) > 0)
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


def _span(series: Series) -> int:
    return series.step.ms * BLOCK_BARS


def _window(number: int, span: int) -> tuple[int, int]:
    return number * span, (number + 1) * span


def _split(ohlcv: Ohlcv, span: int) -> Iterator[tuple[int, Ohlcv]]:
    """Yield (block number, candles) for every block that the candles touch."""
    numbers = ohlcv.time // span
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1))
    borders = [*starts.tolist(), len(ohlcv)]
    for start, stop in pairwise(borders):
        yield int(numbers[start]), ohlcv.slice(start, stop)


def _save_block(series: Series, number: int, ohlcv: Ohlcv, *, exists: bool) -> None:
    values = _block_values(series, ohlcv)
    # The locked series row keeps this true; asking again would fetch the payload.
    if exists:
        CandleBlock.objects.filter(series=series, number=number).update(**values)
    else:
        CandleBlock.objects.create(series=series, number=number, **values)


def _block_values(series: Series, ohlcv: Ohlcv) -> dict[str, Any]:
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
    report = check(candles, series.step, always_open=series.instrument.always_open)
    series.bars = len(candles)
    series.first = series.last = None
    if series.bars:
        series.first = _moment(int(candles.time[0]))
        series.last = _moment(int(candles.time[-1]))
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


def repair_blocks(series: Series) -> list[Damage]:
    """Read every block of a locked series and mend what does not agree with itself.

    A block that nothing can read is removed, so that the rest can be read again. One
    whose hash or counts are wrong, or whose encoding is an old one, is written anew
    from its candles: those are what every backtest has seen.
    """
    damages = []
    # One at a time: rows are deleted on the way, and a series may not fit into memory.
    for number in list(
        series.blocks.order_by("number").values_list("number", flat=True)
    ):
        block = series.blocks.get(number=number)
        candles = _readable(block, series)
        if candles is None:
            damages.append(Damage(block.number, "unreadable", block.bars))
            block.delete()
            continue
        values = _block_values(series, candles)
        wrong = [
            name for name, value in values.items() if getattr(block, name) != value
        ]
        if wrong:
            kind = next(what for name, what in DAMAGES.items() if name in wrong)
            damages.append(Damage(block.number, kind, 0))
            _save_block(series, block.number, candles, exists=True)
    return damages


def _readable(block: CandleBlock, series: Series) -> Ohlcv | None:
    """Return the candles of a block, None when they are none of its window."""
    try:
        candles = decode_one(bytes(block.payload))
    except (ValueError, OSError):
        return None
    begin, end = _window(block.number, _span(series))
    off_grid = (candles.time - series.step.origin_ms) % series.step.ms
    inside = len(candles) and begin <= candles.time[0] and candles.time[-1] < end
    return candles if inside and not off_grid.any() else None


def _payloads(blocks: QuerySet[CandleBlock]) -> list[tuple[int, bytes | memoryview]]:
    """Return (bars, payload) of each block in order.

    On PostgreSQL over the binary protocol: the text protocol that Django's cursor
    speaks sends every byte as two hexadecimal digits, at four times the time.
    """
    rows = blocks.order_by("number").values_list("bars", "payload")
    if connection.vendor != "postgresql":
        return list(rows)
    sql, parameters = rows.query.sql_with_params()
    connection.ensure_connection()
    raw = psycopg.Cursor(connection.connection)
    raw.format = psycopg.pq.Format.BINARY
    # Django's own wrappers, so that the query is logged and its errors translated.
    logged = connection.queries_logged
    wrap: Wrap = connection.make_debug_cursor if logged else connection.make_cursor
    with wrap(raw) as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _moment(time_ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=time_ms)
