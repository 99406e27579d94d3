"""What every worker does besides its jobs: it sweeps for rows that lost theirs, and it
outlives a Redis that goes away."""

import logging
import signal
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

import rq
from django.db import DatabaseError, connections
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rq import Queue, worker_registration
from rq.job import Job
from rq.serializers import JSONSerializer

from botforge.inherited_connection import give_connection_away, prepare_connection

logger = logging.getLogger(__name__)

SILENT = (RedisConnectionError, RedisTimeoutError)
# A silent Redis is asked again after this at the latest.
PATIENCE_SECONDS = 5.0


def spared[T: rq.Worker, **P](
    method: Callable[Concatenate[T, P], None],
) -> Callable[Concatenate[T, P], None]:
    """Skip what Redis cannot be told: nobody's row depends on it.

    The library ends the whole worker for it. Maintenance is due when Redis is back.
    """

    @wraps(method)
    def told(self: T, /, *args: P.args, **options: P.kwargs) -> None:
        try:
            method(self, *args, **options)
        except SILENT:
            logger.warning("Redis does not answer: %s is skipped", method.__name__)
            self.last_cleaned_at = None

    return told


class SweepingWorker(rq.Worker):
    """Fork for every job; between jobs, look after the rows of the queue."""

    max_connection_wait_time = PATIENCE_SECONDS
    sweep_seconds = 15
    report_seconds = 5
    # Beyond this silence of the parent (which reports even while a kernel runs) a job
    # counts as abandoned.
    silence_seconds = 15

    def __init__(self, *args: Any, **options: Any) -> None:
        options |= {
            "serializer": JSONSerializer,
            "maintenance_interval": self.sweep_seconds,
            "job_monitoring_interval": self.report_seconds,
        }
        super().__init__(*args, **options)

    def sweep(self) -> None:
        """Bring rows and queue together; may raise when either is down."""
        raise NotImplementedError

    @property
    def dequeue_timeout(self) -> int:
        """Wake up when idle, so that the sweep runs."""
        return self.sweep_seconds

    def get_heartbeat_ttl(self, job: Job) -> int:
        return self.report_seconds + self.silence_seconds

    def kill_horse(self, sig: signal.Signals = signal.SIGKILL) -> None:
        """Kill the forked process; there may be none any more.

        For 0 the library would kill the process group of this very process.
        """
        if self.horse_pid:
            super().kill_horse(sig)

    def run_maintenance_tasks(self) -> None:
        try:
            self._introduce()
            super().run_maintenance_tasks()  # type: ignore[no-untyped-call] # rq left it unannotated
        except SILENT:
            logger.warning("Redis does not answer: no maintenance")
        else:
            self._sweep()

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        super().fork_work_horse(job, queue)
        give_connection_away()  # The fork itself never comes here.

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run the job in a fork; without Redis its row is all that tells of it."""
        try:
            super().execute_job(job, queue)
        except SILENT:
            logger.warning("Redis went away during job %s; its row decides", job.id)
            self.last_cleaned_at = None

    def handle_job_failure(self, *args: Any, **options: Any) -> None:
        """Look after the row at once when the forked process was killed."""
        super().handle_job_failure(*args, **options)
        self._sweep()

    def dequeue_job_and_maintain_ttl(
        self, *args: Any, **options: Any
    ) -> tuple[Job, Queue] | None:
        """Wait for a job, however long Redis takes to answer."""
        while True:
            prepare_connection()
            try:
                return super().dequeue_job_and_maintain_ttl(*args, **options)
            except RedisTimeoutError:
                logger.warning("Redis does not answer: asking again")
                time.sleep(PATIENCE_SECONDS)

    heartbeat = spared(rq.Worker.heartbeat)
    maintain_heartbeats = spared(rq.Worker.maintain_heartbeats)
    set_state = spared(rq.Worker.set_state)
    set_current_job_working_time = spared(rq.Worker.set_current_job_working_time)
    check_for_suspension = spared(rq.Worker.check_for_suspension)

    def _introduce(self) -> None:
        """Tell a Redis that has lost its memory who works here."""
        known = self.connection.sismember(self.redis_workers_keys, self.key)
        if known or self.birth_date is None:
            return
        with self.connection.pipeline() as pipeline:
            pipeline.hset(self.key, mapping=self.serialize())
            worker_registration.register(self, pipeline)
            pipeline.execute()

    def _sweep(self) -> None:
        try:
            self.sweep()
        except (DatabaseError, RedisError):
            logger.exception("The sweep failed; the next one will try again")
        finally:
            # One that has been used may not be taken along by the next fork.
            connections.close_all()
            prepare_connection()
