"""Files into series."""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from botforge.errors import BotForgeError, Conflict, InvalidInput
from marketdata.cleaning import Cleaned
from marketdata.counting import Counts
from marketdata.formats.refusing import named, refusal
from marketdata.formats.sources import Source, sources
from marketdata.merging import OnConflict
from marketdata.models import ImportRun, Instrument, Series
from marketdata.services.preparing import Prepared, Said, prepare
from marketdata.services.target import Target
from marketdata.storage import Progress, Written, write_candles

__all__ = ["Options", "Report", "Said", "Target", "candles_import", "source_import"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _ignore(done: int, total: int) -> None:
    """Take note of no progress."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to store; ``reading`` hears of bytes, ``writing`` of candles.

    ``now`` is the moment that decides which bars are over; None is this moment.
    ``owner`` None makes a series everybody's.
    """

    on_conflict: OnConflict = OnConflict.REPLACE
    dry_run: bool = False
    now: datetime | None = None
    owner: AbstractBaseUser | None = None
    reading: Callable[[int, int], object] = _ignore
    writing: Progress = _ignore


@dataclass(slots=True)
class Report:
    """What became of one file; ``failure`` says why nothing of it was stored.

    ``file`` is its name for people, ``path`` that by which it was given.
    """

    file: str
    path: str = ""
    prepared: Prepared = field(default_factory=Prepared)
    written: Written | None = None
    run: ImportRun | None = None
    failure: BotForgeError | None = None

    @property
    def stored(self) -> int:
        """How many candles of the file are now in its series."""
        cleaned = self.prepared.cleaned
        return 0 if cleaned is None or self.written is None else len(cleaned.ohlcv)

    def as_json(self) -> dict[str, Any]:
        """Return the counts under the names of the reference data, and the outcome."""
        prepared = self.prepared
        cleaned, written = prepared.cleaned, self.written
        rejected = cleaned.rejected if cleaned else {}
        return {
            "file": self.path,
            "format": prepared.format,
            "source": prepared.target.source if prepared.target else None,
            "symbol": prepared.symbol,
            "timeframe": prepared.timeframe,
            **_counted(prepared.counts),
            "new": written.new if written else 0,
            "changed": written.changed if written else 0,
            "unchanged": written.unchanged if written else 0,
            "stored": self.stored,
            "rejected": {
                reason: {"rows": rows, "lines": cleaned.lines[reason]}
                for reason, rows in rejected.items()
                if cleaned
            },
            "notes": prepared.notes,
            "error": self.failure.detail if self.failure else None,
        }


def candles_import(
    *,
    path: Path,
    target: Target,
    on_conflict: OnConflict = OnConflict.REPLACE,
    progress: Progress | None = None,
    now: datetime | None = None,
    owner: AbstractBaseUser | None = None,
) -> ImportRun:
    """Store the candles of a file that holds one table, all or nothing.

    A bar that is not over at ``now`` (None: at this moment) is not stored. Raises
    ``InvalidInput`` when the file holds no candles of the timeframe, and ``Conflict``
    as ``write_candles`` does.
    """
    try:
        found = sources(path)
        if len(found) > 1:
            raise refusal("several", "the archive holds several files; unpack it")
    except InvalidInput as error:
        raise named(path.name, error) from error
    said = Said(target.symbol, target.timeframe.code, target.source)
    options = Options(on_conflict, now=now, owner=owner, writing=progress or _ignore)
    report = source_import(source=found[0], said=said, options=options)
    if report.failure is not None:
        raise report.failure
    if report.run is None:
        raise RuntimeError("an import that did not fail has a run")
    return report.run


def source_import(*, source: Source, said: Said, options: Options) -> Report:
    """Store the candles of one file in one transaction; return what was found.

    A refusal is no exception but the report's ``failure``: of several files the
    others stand.
    """
    report = Report(source.title, str(source.path))
    now = datetime.now(UTC) if options.now is None else options.now
    try:
        target, cleaned = prepare(source, said, now, options.reading, report.prepared)
        with transaction.atomic():
            series = _series(target, report.prepared, options.owner)
            report.written = write_candles(
                series,
                cleaned.ohlcv,
                on_conflict=options.on_conflict,
                progress=options.writing,
            )
            report.run = _record(series, report, cleaned)
            if options.dry_run:
                transaction.set_rollback(True)
    except InvalidInput as error:
        if error.errors[0].code == "empty":
            report.prepared.counts = Counts.nothing()
        report.failure = named(source.title, error)
    except BotForgeError as error:
        report.failure = error
    if report.failure is not None:
        report.written = report.run = None
    return report


def _series(
    target: Target, prepared: Prepared, owner: AbstractBaseUser | None
) -> Series:
    instrument, _ = Instrument.objects.get_or_create(
        source=target.source, symbol=target.symbol
    )
    adjusted = prepared.facts.adjusted
    series, _ = Series.objects.get_or_create(
        instrument=instrument,
        timeframe=target.timeframe.code,
        owner_id=None if owner is None else owner.pk,
        defaults={"adjustment": adjusted or Series.Adjustment.NONE},
    )
    if adjusted is not None and series.bars and series.adjustment != adjusted:
        raise Conflict(
            f"The stored candles of {series} are {series.get_adjustment_display()}, "
            f"those of the file are not ({adjusted}); import it with another --source."
        )
    return series


def _record(series: Series, report: Report, cleaned: Cleaned) -> ImportRun:
    # With the instrument: a dry run's rows are gone when they are shown.
    series.refresh_from_db(from_queryset=Series.objects.select_related("instrument"))
    if report.written is None:
        raise RuntimeError("only what was written is recorded")
    return ImportRun.objects.create(
        series=series,
        # A file name may hold bytes that are not text.
        origin=os.fsencode(report.file).decode(errors="replace")[-255:],
        format=report.prepared.format or "",
        rows=cleaned.rows,
        **asdict(report.written),
        rejected=cleaned.rejected,
        revision=series.revision,
    )


def _counted(counts: Counts | None) -> dict[str, Any]:
    """Return the counts with times as text; None for each of a file never read."""
    if counts is None:
        return dict.fromkeys((*Counts.NAMES, "first_ts_utc", "last_ts_utc"))
    values = {name: getattr(counts, name) for name in Counts.NAMES}
    return values | {
        "first_ts_utc": _moment(counts.first_ms),
        "last_ts_utc": _moment(counts.last_ms),
    }


def _moment(time_ms: int | None) -> str | None:
    if time_ms is None:
        return None
    try:
        text = (EPOCH + timedelta(milliseconds=time_ms)).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return None
    return f"{text}.{time_ms % 1000:03d}000000Z" if time_ms % 1000 else f"{text}Z"
