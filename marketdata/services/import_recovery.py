"""Imports whose job is gone: queued again, or failed when that happened too often.

Every change is a conditional UPDATE, so that several sweepers at once do no harm.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from botforge.job_queue import new_job_id
from marketdata.models import ImportJob, UploadPart
from marketdata.services.import_queueing import QUEUE, enqueue

logger = logging.getLogger(__name__)

# A row is visible a moment before its job is.
GRACE = timedelta(seconds=5)
GIVEN_UP = (
    "The worker that ran this import died {attempts} times: split the file or the "
    "window, or ask the operator."
)


def recover_imports() -> tuple[int, int]:
    """Bring rows and queue together; raises ``RedisError`` when Redis is down.

    Returns how many rows were queued again and how many were given up. Files of
    imports that are over are deleted, should a crash have left them.
    """
    QUEUE.drop_abandoned()
    requeued = failed = 0
    earlier = timezone.now() - GRACE
    for job in ImportJob.objects.filter(status__in=ImportJob.ACTIVE).iterator():
        if job.status == ImportJob.Status.QUEUED:
            if not QUEUE.is_waiting(job.job_id) and job.queued_at < earlier:
                requeued += _requeue(job)
        elif not QUEUE.is_running(job.job_id):
            if job.attempt < settings.IMPORTS_MAX_ATTEMPTS:
                requeued += _requeue(job)
            else:
                failed += _give_up(job)
    UploadPart.objects.exclude(job__status__in=ImportJob.ACTIVE).delete()
    return requeued, failed


def _requeue(job: ImportJob) -> int:
    seen = ImportJob.objects.filter(
        pk=job.pk, status=job.status, attempt=job.attempt, job_id=job.job_id
    )
    job.job_id = new_job_id()
    done = seen.update(
        status=ImportJob.Status.QUEUED, job_id=job.job_id, stage="", started_at=None
    )
    if done:
        logger.warning("Import %s lost its job and is queued again", job.pk)
        enqueue(job)
    return done


def _give_up(job: ImportJob) -> int:
    lost = ImportJob.objects.filter(
        pk=job.pk, status=ImportJob.Status.RUNNING, attempt=job.attempt
    )
    return lost.update(
        status=ImportJob.Status.FAILED,
        stage="",
        error_code="worker_lost",
        error_detail=GIVEN_UP.format(attempts=job.attempt),
        finished_at=timezone.now(),
    )
