"""Putting backtests into the queue, and taking them out.

The row decides what is to be done; the queue only says when. So a Redis that is down
stops nothing here: ``recovery`` brings rows and queue together again.
"""

import logging
import uuid

import django_rq
from redis.exceptions import RedisError
from rq.command import send_stop_job_command
from rq.exceptions import InvalidJobOperation
from rq.job import JobStatus

from backtests.jobs import run_backtest
from backtests.models import Backtest

logger = logging.getLogger(__name__)

QUEUE = "backtests"


def new_job_id() -> str:
    """Return an id for a job: chosen here and stored before the job exists."""
    return uuid.uuid4().hex


def enqueue(backtest: Backtest) -> None:
    """Queue the job that the row names; call it after the row is committed."""
    try:
        queue = django_rq.get_queue(QUEUE)
        queue.enqueue(run_backtest, backtest.pk, job_id=backtest.job_id)
    except RedisError:
        logger.warning("Backtest %s waits for Redis to come back", backtest.pk)


def withdraw(job_id: str) -> None:
    """Remove a job from the queue, or stop it where it runs."""
    queue = django_rq.get_queue(QUEUE)
    try:
        job = queue.fetch_job(job_id)
        if job is None:
            return
        if job.get_status() == JobStatus.STARTED:
            send_stop_job_command(queue.connection, job_id)
        else:
            job.delete()
    except InvalidJobOperation:
        return  # It ended in this very moment.
    except RedisError:
        logger.warning("Job %s could not be stopped: Redis does not answer", job_id)


def job_status(job_id: str) -> JobStatus | None:
    """Return what the queue knows of a job; None when it knows nothing.

    Raises ``RedisError`` when it cannot be asked.
    """
    job = django_rq.get_queue(QUEUE).fetch_job(job_id)
    try:
        return None if job is None else job.get_status()
    except InvalidJobOperation:
        return None


def drop_abandoned_jobs() -> None:
    """Let the queue notice jobs whose worker has not been heard of."""
    django_rq.get_queue(QUEUE).started_job_registry.cleanup()
