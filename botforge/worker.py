"""What every worker does besides its jobs: it sweeps for rows that lost theirs, it
outlives a Redis that goes away, and it has the process for the next job ready."""

import json
import logging
import os
import select
import signal
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

import rq
from django.db import DatabaseError, connection, connections
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rq import Queue, worker_registration
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer

from botforge.understudy import MAX_MESSAGE, Understudy

logger = logging.getLogger(__name__)

SILENT = (RedisConnectionError, RedisTimeoutError)
# A silent Redis is asked again after this at the latest.
PATIENCE_SECONDS = 5.0
# A process that has no work after this may warm up: the queue is empty.
HURRY_SECONDS = 0.02


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
    """Have a process for every job; between jobs, look after the rows of the queue."""

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
        self._understudy: Understudy | None = None
        super().__init__(*args, **options)

    def sweep(self) -> None:
        """Bring rows and queue together; may raise when either is down."""
        raise NotImplementedError

    def warm_up_fork(self) -> None:
        """Do in the process for the next job whatever can be done before it comes."""
        connection.ensure_connection()

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
        """Give the job to the process that waits for one, or to a new one."""
        execution = "" if self.execution is None else self.execution.id
        order = {"job": job.id, "queue": queue.name, "execution": execution}
        message = json.dumps(order).encode()
        understudy, self._understudy = self._understudy, None
        if understudy is None or not understudy.send(message):
            understudy = self._new_understudy()
            understudy.send(message)
        self._horse_pid = understudy.pid

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
            if self._understudy is None:
                self._understudy = self._new_understudy()
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
            connections.close_all()

    def _new_understudy(self) -> Understudy:
        connections.close_all()  # Two processes cannot go on with one.
        return Understudy(self._stand_by)

    def _stand_by(self, pipe: int) -> None:
        """Be the process for one job: wait for it, warm, and do it."""
        self.setup_work_horse_signals()  # type: ignore[no-untyped-call] # rq left it so
        if not select.select([pipe], [], [], HURRY_SECONDS)[0]:
            try:
                self.connection.ping()
                self.warm_up_fork()
            except (DatabaseError, RedisError) as error:
                logger.warning("The next job will connect again: %s", error)
        if not (message := os.read(pipe, MAX_MESSAGE)):
            return
        order = json.loads(message)
        # The connection may have lain here for long: is it still one?
        connection.health_check_done = False  # type: ignore[attr-defined] # no stub
        job = Job.fetch(
            order["job"], connection=self.connection, serializer=self.serializer
        )
        queue = next(queue for queue in self.queues if queue.name == order["queue"])
        self.execution = Execution(order["execution"], job.id, self.connection)
        os.environ |= {"RQ_WORKER_ID": self.name, "RQ_JOB_ID": job.id}
        self.main_work_horse(job, queue)
