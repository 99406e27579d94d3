"""The real queue in Redis, and a worker inside the test's own process."""

from collections.abc import Iterator
from contextlib import contextmanager

import django_rq
import rq
from rq.serializers import JSONSerializer

from backtests.services.queueing import QUEUE


@contextmanager
def empty_queue() -> Iterator[rq.Queue]:
    """Yield the queue of backtests, empty before and after."""
    queue = django_rq.get_queue(QUEUE.name)
    _clear(queue)
    yield queue
    _clear(queue)


def work_off(queue: rq.Queue) -> None:
    """Run every job that waits, without a fork: in this process and transaction."""
    worker = rq.SimpleWorker(
        [queue], connection=queue.connection, serializer=JSONSerializer
    )
    worker.work(burst=True, logging_level="WARNING")


def _clear(queue: rq.Queue) -> None:
    queue.delete(delete_jobs=True)
    for registry in (
        queue.started_job_registry,
        queue.finished_job_registry,
        queue.failed_job_registry,
    ):
        queue.connection.delete(registry.key)
