"""What every worker does besides its jobs: it sweeps for rows that lost theirs."""

import logging
import signal
from typing import Any

import rq
from django.db import DatabaseError, connections
from redis.exceptions import RedisError
from rq.job import Job
from rq.serializers import JSONSerializer

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 15
REPORT_SECONDS = 5
# Beyond this silence of the parent (which reports even while a kernel runs) a job
# counts as abandoned.
SILENCE_SECONDS = 15


class SweepingWorker(rq.Worker):
    """Fork for every job; between jobs, look after the rows of the queue."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options |= {
            "serializer": JSONSerializer,
            "maintenance_interval": SWEEP_SECONDS,
            "job_monitoring_interval": REPORT_SECONDS,
        }
        super().__init__(*args, **options)

    def sweep(self) -> None:
        """Bring rows and queue together; may raise when either is down."""
        raise NotImplementedError

    @property
    def dequeue_timeout(self) -> int:
        """Wake up when idle, so that the sweep runs."""
        return SWEEP_SECONDS

    def get_heartbeat_ttl(self, job: Job) -> int:
        return REPORT_SECONDS + SILENCE_SECONDS

    def kill_horse(self, sig: signal.Signals = signal.SIGKILL) -> None:
        """Kill the forked process; there may be none any more.

        For 0 the library would kill the process group of this very process.
        """
        if self.horse_pid:
            super().kill_horse(sig)

    def run_maintenance_tasks(self) -> None:
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call] # rq left it unannotated
        self._sweep()

    def handle_job_failure(self, *args: Any, **options: Any) -> None:
        """Look after the row at once when the forked process was killed."""
        super().handle_job_failure(*args, **options)
        self._sweep()

    def _sweep(self) -> None:
        try:
            self.sweep()
        except (DatabaseError, RedisError):
            logger.exception("The sweep failed; the next one will try again")
        finally:
            # A connection that is open here would be shared with the next fork.
            connections.close_all()
