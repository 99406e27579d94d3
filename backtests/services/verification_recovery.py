"""Verifications whose job is gone: queued again, or failed when that happened too
often. Every change is a conditional UPDATE, as for backtests."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from backtests.models import Verification
from backtests.services.queueing import QUEUE
from backtests.services.verification_submission import enqueue
from botforge.job_queue import Standing, new_job_id

logger = logging.getLogger(__name__)

# A row is visible a moment before its job is.
GRACE = timedelta(seconds=5)
GIVEN_UP = (
    "The worker that ran this verification died {attempts} times, most likely for lack "
    "of memory: ask the operator."
)


def recover_verifications() -> tuple[int, int]:
    """Bring rows and queue together; raises ``RedisError`` when Redis is down.

    Returns how many rows were queued again and how many were given up.
    """
    # The rows first: one that has begun since is no longer as it was read.
    active = list(Verification.objects.filter(status__in=Verification.ACTIVE))
    standing = QUEUE.standing()
    requeued = failed = 0
    for verification in active:
        if not _is_lost(verification, standing):
            continue
        if (
            verification.status == Verification.Status.QUEUED
            or verification.attempt < settings.BACKTESTS_MAX_ATTEMPTS
        ):
            requeued += _requeue(verification)
        else:
            failed += _give_up(verification)
    return requeued, failed


def _is_lost(verification: Verification, standing: Standing) -> bool:
    """Say whether no job will run the row, or goes on running it."""
    if verification.job_id in standing.started:
        return False
    if verification.status == Verification.Status.RUNNING:
        return True
    if verification.job_id in standing.waiting:
        return False
    return verification.queued_at < timezone.now() - GRACE


def _requeue(verification: Verification) -> int:
    seen = Verification.objects.filter(
        pk=verification.pk,
        status=verification.status,
        attempt=verification.attempt,
        job_id=verification.job_id,
    )
    verification.job_id = new_job_id()
    done = seen.update(
        status=Verification.Status.QUEUED,
        job_id=verification.job_id,
        started_at=None,
    )
    if done:
        logger.warning("Verification %s lost its job", verification.pk)
        enqueue(verification)
    return done


def _give_up(verification: Verification) -> int:
    lost = Verification.objects.filter(
        pk=verification.pk,
        status=Verification.Status.RUNNING,
        attempt=verification.attempt,
    )
    return lost.update(
        status=Verification.Status.FAILED,
        error_code="worker_lost",
        error_detail=GIVEN_UP.format(attempts=verification.attempt),
        finished_at=timezone.now(),
    )
