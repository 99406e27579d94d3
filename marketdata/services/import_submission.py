"""Asking for an import, and taking the request back."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from botforge.errors import QuotaExceeded
from botforge.job_queue import new_job_id
from marketdata.models import ImportJob, UploadPart
from marketdata.services.fetching import FetchRequest, fetch_resolve
from marketdata.services.import_queueing import QUEUE, enqueue
from marketdata.services.importing import Target

# Of the piece of an uploaded file that one row holds.
PART_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a user sent, piece by piece, and the series it belongs to."""

    filename: str
    pieces: Iterable[bytes]
    source: str
    symbol: str
    timeframe: str


def imports_of(owner: AbstractBaseUser) -> QuerySet[ImportJob]:
    """Return the imports that the user asked for."""
    return ImportJob.objects.filter(owner_id=owner.pk).select_related(
        "run__series__instrument"
    )


def fetch_create(*, owner: AbstractBaseUser, request: FetchRequest) -> ImportJob:
    """Store a fetch as queued, and queue its job once that is committed.

    Raises ``InvalidInput``, ``NotAvailable`` or ``QuotaExceeded``; nothing is stored
    then, and no provider was asked.
    """
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

    The file is not looked at here: a web process should not unpack what strangers send.
    """
    _check_quota(owner)
    target = Target.of(upload.source, upload.symbol, upload.timeframe)
    job = ImportJob(
        owner_id=owner.pk,
        kind=ImportJob.Kind.UPLOAD,
        source=target.source,
        symbol=target.symbol,
        timeframe=target.timeframe.code,
        filename=upload.filename[-100:],
    )
    return _submit(job, upload.pieces)


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
