"""A queue of jobs, each of which stands for a row.

The row decides what is to be done; the queue only says when. So a Redis that is down
stops nothing here: a sweeper brings rows and queue together again.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import django_rq
from redis.exceptions import RedisError
from rq.command import send_stop_job_command
from rq.exceptions import InvalidJobOperation
from rq.job import JobStatus

logger = logging.getLogger(__name__)

WAITING = {JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED, JobStatus.SCHEDULED}


def new_job_id() -> str:
    """Return an id for a job: chosen here and stored before the job exists."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class JobQueue:
    """The queue called ``name``."""

    name: str

    def enqueue(
        self, function: Callable[[int], object], row_id: int, job_id: str
    ) -> None:
        """Queue the job that a row names; call it after the row is committed."""
        try:
            django_rq.get_queue(self.name).enqueue(function, row_id, job_id=job_id)
        except RedisError:
            logger.warning("Job %s waits for Redis to come back", job_id)

    def withdraw(self, job_id: str) -> None:
        """Remove a job from the queue, or stop it where it runs."""
        queue = django_rq.get_queue(self.name)
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
            logger.warning("Job %s could not be stopped: Redis is silent", job_id)

    def status(self, job_id: str) -> JobStatus | None:
        """Return what the queue knows of a job; None when it knows nothing.

        Raises ``RedisError`` when it cannot be asked.
        """
        job = django_rq.get_queue(self.name).fetch_job(job_id)
        try:
            return None if job is None else job.get_status()
        except InvalidJobOperation:
            return None

    def is_waiting(self, job_id: str) -> bool:
        """Say whether a job is there that will run, or is about to begin."""
        return self.status(job_id) in WAITING

    def is_running(self, job_id: str) -> bool:
        return self.status(job_id) == JobStatus.STARTED

    def drop_abandoned(self) -> None:
        """Let the queue notice jobs whose worker has not been heard of."""
        django_rq.get_queue(self.name).started_job_registry.cleanup()
