"""A queue of jobs, each of which stands for a row.

The row decides what is to be done; the queue only says when. So a Redis that is down
stops nothing here: a sweeper brings rows and queue together again.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import django_rq
from django_rq.queues import get_result_ttl
from redis.exceptions import RedisError
from rq import Queue
from rq.command import send_stop_job_command
from rq.exceptions import InvalidJobOperation
from rq.job import JobStatus
from rq.queue import EnqueueData

logger = logging.getLogger(__name__)

WAITING = {JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED, JobStatus.SCHEDULED}
LATER = {JobStatus.DEFERRED, JobStatus.SCHEDULED}
OVER = {
    JobStatus.FINISHED,
    JobStatus.FAILED,
    JobStatus.STOPPED,
    JobStatus.CANCELED,
}
# What failed, the row tells; the queue's own record of it is for a look at the time.
FAILURE_SECONDS = 86_400


def new_job_id() -> str:
    """Return an id for a job: chosen here and stored before the job exists."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Standing:
    """The ids of all jobs that wait in the queue, and of those in a worker's hands."""

    waiting: Collection[str]
    started: Collection[str]


@dataclass(frozen=True, slots=True)
class JobQueue:
    """The queue called ``name``."""

    name: str

    def enqueue(
        self, function: Callable[[int], object], row_id: int, job_id: str
    ) -> None:
        """Queue the job that a row names; call it after the row is committed."""
        self.enqueue_many(function, [(row_id, job_id)])

    def enqueue_many(
        self, function: Callable[[int], object], jobs: Iterable[tuple[int, str]]
    ) -> None:
        """Queue the jobs of rows, by row and job id, in one exchange with Redis."""
        pairs = list(jobs)
        try:
            django_rq.get_queue(self.name).enqueue_many(
                [self._prepared(function, *pair) for pair in pairs]
            )
        except RedisError:
            logger.warning("%d jobs wait for Redis to come back", len(pairs))

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

    def is_for_later(self, job_id: str) -> bool:
        """Say whether something else will put the job into the queue."""
        return self.status(job_id) in LATER

    def is_over(self, job_id: str) -> bool:
        """Say whether the job has ended, however it did."""
        return self.status(job_id) in OVER

    def drop_abandoned(self) -> None:
        """Let the queue notice jobs whose worker has not been heard of."""
        django_rq.get_queue(self.name).started_job_registry.cleanup()

    def standing(self) -> Standing:
        """Return all jobs that there are at once, abandoned ones dropped.

        Raises ``RedisError`` when the queue cannot be asked. A job that a worker has
        taken out and not begun is in neither.
        """
        queue: Queue = django_rq.get_queue(self.name)
        # In this order: a job goes from waiting to started, never back.
        waiting = frozenset(queue.job_ids)
        return Standing(waiting, frozenset(queue.started_job_registry.get_job_ids()))

    def _prepared(
        self, function: Callable[[int], object], row_id: int, job_id: str
    ) -> EnqueueData:
        return Queue.prepare_data(
            function,
            (row_id,),
            job_id=job_id,
            result_ttl=get_result_ttl(self.name),
            failure_ttl=FAILURE_SECONDS,
        )
