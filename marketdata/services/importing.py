"""Files into series."""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from botforge.errors import BotForgeError, InvalidInput
from marketdata import markets
from marketdata.cleaning import Cleaned
from marketdata.counting import Counts
from marketdata.formats.refusing import named, refusal
from marketdata.formats.sources import Source, sources
from marketdata.merging import OnConflict
from marketdata.models import ImportRun, Series
from marketdata.services.actions import actions_write
from marketdata.services.import_report import Report
from marketdata.services.placing import Place, series_place
from marketdata.services.preparing import Anchored, Prepared, Said, prepare
from marketdata.services.refused_rows import refused_rows_add
from marketdata.services.scales import later_split_check, scale_check
from marketdata.services.target import Target
from marketdata.storage import Progress, write_candles

__all__ = [
    "Options",
    "Report",
    "Said",
    "Target",
    "candles_import",
    "file_import",
    "only_source",
    "source_import",
]


def _ignore(done: int, total: int) -> None:
    """Take note of no progress."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to store; ``reading`` hears of bytes, ``writing`` of candles.

    ``on_conflict`` None replaces what is stored, but fails where nobody told of which
    source the file is: other values may be those of another market.
    ``now`` is the moment that decides which bars are over; None is this moment.
    ``owner`` None makes a series everybody's.
    """

    on_conflict: OnConflict | None = None
    dry_run: bool = False
    now: datetime | None = None
    owner: AbstractBaseUser | None = None
    reading: Callable[[int, int], object] = _ignore
    writing: Progress = _ignore


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
    said = Said(target.symbol, target.timeframe.code, target.source)
    options = Options(on_conflict, now=now, owner=owner, writing=progress or _ignore)
    return file_import(path=path, said=said, options=options)


def file_import(*, path: Path, said: Said, options: Options) -> ImportRun:
    """Store the candles of a file that holds one table, as ``candles_import`` does.

    What is not said is for the file to say; ``InvalidInput`` names what it leaves out.
    """
    source = only_source(path)
    report = source_import(source=source, said=said, options=options)
    if report.failure is not None:
        raise report.failure
    if report.run is None:
        raise RuntimeError("an import that did not fail has a run")
    return report.run


def only_source(path: Path) -> Source:
    """Return what is in the file; ``InvalidInput`` for an archive of several."""
    try:
        found = sources(path)
        if len(found) > 1:
            raise refusal("several", "the archive holds several files; unpack it")
    except InvalidInput as error:
        raise named(path.name, error) from error
    return found[0]


def source_import(*, source: Source, said: Said, options: Options) -> Report:
    """Store the candles of one file in one transaction; return what was found.

    A refusal is no exception but the report's ``failure``: of several files the
    others stand.
    """
    report = Report(source.title, str(source.path))
    now = datetime.now(UTC) if options.now is None else options.now
    try:
        prepare(source, said, now, options.reading, report.prepared, _anchored(options))
        with transaction.atomic():
            _store(report, said, options)
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


def _anchored(options: Options) -> Anchored:
    """Return what tells where the bars of a stored series open."""

    def anchored(target: Target) -> int | None:
        series = Place(target, options.owner).existing()
        return series.anchor_ms if series is not None and series.bars else None

    return anchored


def _store(report: Report, said: Said, options: Options) -> None:
    """Write what is prepared, in the caller's transaction."""
    prepared = report.prepared
    raw, cleaned, target = prepared.raw, prepared.cleaned, prepared.target
    if raw is None or cleaned is None or target is None:
        raise RuntimeError("only what is prepared is stored")
    place = Place(
        target,
        options.owner,
        prepared.calendar,
        calendar_said=said.calendar is not None,
        adjustment=prepared.adjustment,
    )
    series = series_place(place=place)
    prepared.notes += _doubts(series, prepared)
    scale_check(series=series, ohlcv=cleaned.ohlcv)
    later_split_check(series=series, raw=raw, ohlcv=cleaned.ohlcv)
    on_conflict = options.on_conflict or OnConflict.REPLACE
    if options.on_conflict is None and not prepared.source_told:
        on_conflict = OnConflict.FAIL
    report.written = write_candles(
        series, cleaned.ohlcv, on_conflict=on_conflict, progress=options.writing
    )
    report.actions = actions_write(series=series, raw=raw, on_conflict=on_conflict)
    report.run = _record(series, report, cleaned)


def _doubts(series: Series, prepared: Prepared) -> list[str]:
    """Return a note where the instrument's calendar cannot be that of the bars."""
    stored, told = series.instrument.calendar, prepared.calendar
    if told is None or (stored == markets.ALWAYS) == (told == markets.ALWAYS):
        return []
    return [
        f"the calendar of {series.instrument} is “{stored}”, but these bars are of a "
        f"market that is “{told}” (--calendar {told} changes it)"
    ]


def _record(series: Series, report: Report, cleaned: Cleaned) -> ImportRun:
    # With the instrument: a dry run's rows are gone when they are shown.
    series.refresh_from_db(from_queryset=Series.objects.select_related("instrument"))
    if report.written is None:
        raise RuntimeError("only what was written is recorded")
    run = ImportRun.objects.create(
        series=series,
        # A file name may hold bytes that are not text.
        origin=os.fsencode(report.file).decode(errors="replace")[-255:],
        format=report.prepared.format or "",
        rows=cleaned.rows,
        **asdict(report.written),
        rejected=cleaned.rejected,
        revision=series.revision,
    )
    refused_rows_add(run=run, refused=cleaned.refused)
    return run
