"""What is going on in the queues: for operators to see, not for decisions."""

from dataclasses import dataclass
from datetime import UTC, datetime

import django_rq
from django.conf import settings
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.queue import Queue
from rq.worker import BaseWorker, Worker

from botforge.health import SILENCE_LIMIT


@dataclass(frozen=True, slots=True)
class QueueState:
    """One queue: how many jobs wait and run, since when the next one waits, and how
    many workers were heard of lately, and how many of them have a job."""

    name: str
    waiting: int
    running: int
    oldest: datetime | None
    workers: int
    busy: int


def queue_states() -> list[QueueState]:
    """Return every queue's state; raises ``RedisError`` when Redis is down."""
    names = list(settings.RQ_QUEUES)
    alive = _alive(Worker.all(connection=django_rq.get_connection(names[0])))
    return [_state(django_rq.get_queue(name), alive) for name in names]


def _state(queue: Queue, alive: list[BaseWorker]) -> QueueState:
    ours = [worker for worker in alive if queue.name in worker.queue_names()]
    return QueueState(
        name=queue.name,
        waiting=queue.count,
        running=queue.started_job_registry.count,
        oldest=_waits_since(queue),
        workers=len(ours),
        busy=sum(worker.get_state() == "busy" for worker in ours),
    )


def _alive(workers: list[BaseWorker]) -> list[BaseWorker]:
    oldest = datetime.now(UTC) - SILENCE_LIMIT
    return [w for w in workers if w.last_heartbeat and w.last_heartbeat > oldest]


def _waits_since(queue: Queue) -> datetime | None:
    """Return when the next job was queued; None when none waits."""
    ids = queue.get_job_ids(0, 1)
    if not ids:
        return None
    try:
        job = Job.fetch(
            ids[0], connection=queue.connection, serializer=queue.serializer
        )
    except NoSuchJobError:
        return None  # A worker took it, or it was cancelled, in this very moment.
    return job.enqueued_at
