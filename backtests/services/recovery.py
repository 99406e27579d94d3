"""Rows whose job is gone: queued again, or failed when that happened too often.

Every change is a conditional UPDATE, so that several sweepers at once do no harm.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from backtests.models import Backtest
from backtests.services.queueing import QUEUE, enqueue
from botforge.job_queue import Standing, new_job_id

logger = logging.getLogger(__name__)

# A row is visible a moment before its job is.
GRACE = timedelta(seconds=5)
GIVEN_UP = (
    "The worker that ran this backtest died {attempts} times, most likely for lack of "
    "memory: shorten the window, or ask the operator."
)


@dataclass(slots=True)
class Recovered:
    """How many rows were queued again and how many were given up."""

    requeued: int = 0
    failed: int = 0


def recover_backtests() -> Recovered:
    """Bring rows and queue together; raises ``RedisError`` when Redis is down."""
    # The rows first: what has begun since then is no longer as the row said, and the
    # conditional UPDATE leaves it alone.
    active = list(Backtest.objects.filter(status__in=Backtest.ACTIVE).order_by("pk"))
    standing = QUEUE.standing()
    recovered = Recovered()
    for backtest in active:
        if not _is_lost(backtest, standing):
            continue
        if (
            backtest.status == Backtest.Status.QUEUED
            or backtest.attempt < settings.BACKTESTS_MAX_ATTEMPTS
        ):
            recovered.requeued += _requeue(backtest)
        else:
            recovered.failed += _give_up(backtest)
    return recovered


def _is_lost(backtest: Backtest, standing: Standing) -> bool:
    """Say whether no job will run the row, or goes on running it."""
    if backtest.job_id in standing.started:
        return False
    if backtest.status == Backtest.Status.RUNNING:
        return True
    if backtest.job_id in standing.waiting:
        return False
    if QUEUE.is_over(backtest.job_id):
        return True
    is_old = backtest.queued_at < timezone.now() - GRACE
    return is_old and not QUEUE.is_for_later(backtest.job_id)


def _requeue(backtest: Backtest) -> int:
    seen = Backtest.objects.filter(
        pk=backtest.pk,
        status=backtest.status,
        attempt=backtest.attempt,
        job_id=backtest.job_id,
    )
    backtest.job_id = new_job_id()
    done = seen.update(
        status=Backtest.Status.QUEUED,
        job_id=backtest.job_id,
        stage="",
        stages_done=0,
        started_at=None,
    )
    if done:
        logger.warning("Backtest %s lost its job and is queued again", backtest.pk)
        enqueue(backtest)
    return done


def _give_up(backtest: Backtest) -> int:
    lost = Backtest.objects.filter(
        pk=backtest.pk, status=Backtest.Status.RUNNING, attempt=backtest.attempt
    )
    return lost.update(
        status=Backtest.Status.FAILED,
        error_code="worker_lost",
        error_detail=GIVEN_UP.format(attempts=backtest.attempt),
        finished_at=timezone.now(),
    )
