"""Asking for an import, and taking the request back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from botforge.errors import InvalidInput, QuotaExceeded
from botforge.job_queue import new_job_id
from marketdata.models import ImportJob, UploadPart
from marketdata.services.fetching import FetchRequest, fetch_resolve
from marketdata.services.import_queueing import QUEUE, enqueue
from marketdata.services.importing import Target
from marketdata.services.saying import error_of_a_form, said_of
from marketdata.services.upload_inspection import named_as, upload_inspect
from marketdata.timeframes import CODES

# Of the piece of an uploaded file that one row holds.
PART_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a user sent, and the series it belongs to.

    ``path`` is where it lies now; ``symbol`` and ``timeframe`` may be left to the file
    with "". ``reading`` are options of `import_candles` by name (see ``saying``), and
    ``on_conflict``.
    """

    path: Path
    filename: str
    source: str
    symbol: str = ""
    timeframe: str = ""
    reading: dict[str, Any] = field(default_factory=dict)


def imports_of(owner: AbstractBaseUser) -> QuerySet[ImportJob]:
    """Return the imports that the user asked for."""
    return ImportJob.objects.filter(owner_id=owner.pk).select_related(
        "run__series__instrument"
    )


def fetch_create(
    *, owner: AbstractBaseUser, request: FetchRequest, within_quota: bool = True
) -> ImportJob:
    """Store a fetch as queued, and queue its job once that is committed.

    Raises ``InvalidInput``, ``NotAvailable`` or ``QuotaExceeded``; nothing is stored
    then, and no provider was asked. An operator is not held to the quota.
    """
    if within_quota:
        _check_quota(owner)
    now = timezone.now()
    fetch = fetch_resolve(request=request, now=now)
    job = ImportJob(
        owner_id=owner.pk,
        kind=ImportJob.Kind.FETCH,
        source=fetch.provider.name,
        symbol=fetch.target.symbol,
        timeframe=fetch.target.timeframe.code,
        start=request.start,
        end=request.end or now,
    )
    return _submit(job, ())


def upload_create(*, owner: AbstractBaseUser, upload: Upload) -> ImportJob:
    """Store a file with its import, and queue the job once that is committed.

    No more of the file is looked at here than its beginning, and that only for what
    was left out: a web process should not unpack what strangers send. Raises
    ``InvalidInput`` or ``QuotaExceeded``; nothing is stored then.
    """
    _check_quota(owner)
    # What is left out is not judged by its name: any will do in its place.
    target = Target.of(
        upload.source, upload.symbol or "?", upload.timeframe or CODES[0]
    )
    names = {"symbol": upload.symbol, "timeframe": upload.timeframe}
    try:
        said = said_of({**upload.reading, **names, "source": target.source})
        with named_as(upload.path, upload.filename) as path:
            upload_inspect(path=path, said=said)
    except InvalidInput as error:
        raise error_of_a_form(error) from error
    job = ImportJob(
        owner_id=owner.pk,
        kind=ImportJob.Kind.UPLOAD,
        source=target.source,
        symbol=target.symbol if upload.symbol else "",
        timeframe=upload.timeframe,
        filename=upload.filename[-100:],
        reading=upload.reading,
    )
    return _submit(job, _pieces(upload.path))


def import_cancel(*, job: ImportJob) -> ImportJob:
    """Cancel the import unless it is over; whole pages that it stored stay."""
    with transaction.atomic():
        cancelled = ImportJob.objects.filter(
            pk=job.pk, status__in=ImportJob.ACTIVE
        ).update(status=ImportJob.Status.CANCELLED, finished_at=timezone.now())
        if cancelled:
            UploadPart.objects.filter(job=job).delete()
    job.refresh_from_db()
    if cancelled:
        QUEUE.withdraw(job.job_id)
    return job


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PART_BYTES):
            yield piece


def _submit(job: ImportJob, pieces: Iterable[bytes]) -> ImportJob:
    job.job_id = new_job_id()
    with transaction.atomic():
        job.save(force_insert=True)
        for number, payload in enumerate(pieces):
            UploadPart.objects.create(job=job, number=number, payload=payload)
        transaction.on_commit(partial(enqueue, job))
    return job


def _check_quota(owner: AbstractBaseUser) -> None:
    limit = settings.IMPORTS_MAX_ACTIVE
    active = ImportJob.objects.filter(owner_id=owner.pk, status__in=ImportJob.ACTIVE)
    if active.count() >= limit:
        raise QuotaExceeded(
            f"You have {limit} imports queued or running, which is the limit: wait for "
            "one to end, or cancel one."
        )
