"""Running one import: claim, fetch or read, store.

Called by workers with the row's id. Every write names the attempt it belongs to; when
its row count is 0, somebody else has cancelled or taken over, and what this attempt was
about to store is undone.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from marketdata.merging import OnConflict
from marketdata.models import ImportJob, ImportRun, UploadPart
from marketdata.providers.patience import Patience
from marketdata.services.fetching import (
    OVERLAP_BARS,
    FetchRequest,
    Progress,
    candles_fetch,
    fetch_resolve,
)
from marketdata.services.importing import Options, file_import
from marketdata.services.saying import said_of
from marketdata.services.upload_inspection import file_name
from marketdata.storage import milliseconds
from marketdata.timeframes import Timeframe


class AttemptOver(Exception):
    """Raised when the row no longer belongs to this attempt."""


def import_claim(import_id: int, job_id: str | None = None) -> ImportJob | None:
    """Take a queued row; None when a cancellation or another worker was faster.

    The row keeps the job that took it: a row that was queued twice may name another.
    """
    queued = ImportJob.objects.filter(pk=import_id, status=ImportJob.Status.QUEUED)
    job = queued.select_related("owner", "run__series").first()
    if job is None:
        return None
    taken = queued.filter(attempt=job.attempt).update(
        status=ImportJob.Status.RUNNING,
        attempt=job.attempt + 1,
        job_id=job_id or job.job_id,
        stage="fetching" if job.kind == ImportJob.Kind.FETCH else "reading",
        started_at=timezone.now(),
    )
    job.attempt += 1
    return job if taken else None


def import_execute(job: ImportJob, patience: Patience | None = None) -> None:
    """Run a claimed import.

    Raises ``BotForgeError`` for what the user can mend and ``AttemptOver`` when the
    row was taken away; whatever else comes out is a bug.
    """
    if job.kind == ImportJob.Kind.FETCH:
        _fetch(job, patience)
    else:
        _read_upload(job)


def import_fail(job: ImportJob, *, code: str, detail: str) -> None:
    """Mark this attempt as failed, with a sentence for the owner."""
    with transaction.atomic():
        changes = {"error_code": code, "error_detail": detail}
        if _end(job, ImportJob.Status.FAILED, **changes):
            UploadPart.objects.filter(job=job).delete()


def _fetch(job: ImportJob, patience: Patience | None) -> None:
    request = FetchRequest(job.source, job.symbol, job.timeframe, *job.window)
    fetch = fetch_resolve(request=request, now=timezone.now())
    if job.fetched_until is not None:
        step = fetch.window.timeframe.ms
        again = milliseconds(job.fetched_until) - OVERLAP_BARS * step
        start_ms = max(fetch.window.start_ms, again)
        fetch = replace(fetch, window=replace(fetch.window, start_ms=start_ms))
    candles_fetch(
        fetch=fetch,
        known=job.fetched_until is not None,
        patience=patience,
        on_page=lambda progress: _note(job, progress),
        run=job.run,
    )
    if not _end(job, ImportJob.Status.COMPLETED):
        raise AttemptOver


def _note(job: ImportJob, progress: Progress) -> None:
    """Store how far the fetch is, in the transaction of its page."""
    start, _ = job.window
    step = timedelta(milliseconds=Timeframe.parse(job.timeframe).ms)
    noted = _this_attempt(job).update(
        run=progress.run,
        fetched_until=progress.until,
        bars_done=(progress.until - start) // step,
        bars_total=(progress.end - start) // step,
    )
    if not noted:
        raise AttemptOver


def _read_upload(job: ImportJob) -> None:
    """Store the uploaded file's candles and the status together, or neither."""
    names = {"symbol": job.symbol, "timeframe": job.timeframe, "source": job.source}
    said = said_of({**job.reading, **names})
    on_conflict = OnConflict(job.reading.get("on_conflict", OnConflict.REPLACE))
    options = Options(on_conflict, owner=job.owner)
    with _spooled(job) as path, transaction.atomic():
        run = file_import(path=path, said=said, options=options)
        if not _end(job, ImportJob.Status.COMPLETED, run=run, **_outcome(run)):
            raise AttemptOver
        UploadPart.objects.filter(job=job).delete()


@contextmanager
def _spooled(job: ImportJob) -> Iterator[Path]:
    """Yield the uploaded file on this machine's disk; remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="botforge-upload-") as folder:
        path = Path(folder) / file_name(job.filename)
        payloads = job.parts.order_by("number").values_list("payload", flat=True)
        with path.open("wb") as file:
            # One at a time: the driver would keep all of them in memory.
            for number in range(payloads.count()):
                file.write(payloads.get(number=number))
        yield path


def _outcome(run: ImportRun) -> dict[str, Any]:
    """Return how far the job is, and what the file said of its series."""
    return {
        "bars_done": run.rows,
        "bars_total": run.rows,
        "symbol": run.series.instrument.symbol,
        "timeframe": run.series.timeframe,
    }


def _end(job: ImportJob, status: ImportJob.Status, **changes: Any) -> bool:
    return bool(
        _this_attempt(job).update(
            status=status, stage="", finished_at=timezone.now(), **changes
        )
    )


def _this_attempt(job: ImportJob) -> QuerySet[ImportJob]:
    return ImportJob.objects.filter(
        pk=job.pk, status=ImportJob.Status.RUNNING, attempt=job.attempt
    )
