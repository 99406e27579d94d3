from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import django_rq
import pytest
import rq
from redis.exceptions import RedisError
from rq.serializers import JSONSerializer
from rq.utils import utcformat

from botforge.job_queue import JobQueue
from botforge.queues import QueueState, queue_states

QUEUE = JobQueue("backtests")


def nothing(row_id: int) -> None:
    """Be a job."""


@pytest.fixture
def queue() -> Iterator[rq.Queue]:
    queue = django_rq.get_queue(QUEUE.name)
    queue.delete(delete_jobs=True)
    yield queue
    queue.delete(delete_jobs=True)


@pytest.fixture
def worker(queue: rq.Queue) -> Iterator[rq.SimpleWorker]:
    worker = rq.SimpleWorker(
        [queue], connection=queue.connection, serializer=JSONSerializer
    )
    worker.register_birth()  # type: ignore[no-untyped-call] # left unannotated
    yield worker
    worker.register_death()  # type: ignore[no-untyped-call] # left unannotated


def state() -> QueueState:
    return next(state for state in queue_states() if state.name == QUEUE.name)


def test_every_queue_is_named(queue: rq.Queue) -> None:
    assert [state.name for state in queue_states()] == ["backtests", "data"]


def test_jobs_that_wait_are_counted_and_the_next_has_its_age(queue: rq.Queue) -> None:
    assert (state().waiting, state().oldest) == (0, None)
    before = datetime.now(UTC)

    QUEUE.enqueue(nothing, 1, "first")
    QUEUE.enqueue(nothing, 2, "second")

    found = state()
    assert found.waiting == 2
    assert found.oldest is not None
    assert before <= found.oldest <= datetime.now(UTC)


def test_a_job_that_vanishes_while_it_is_looked_at_is_no_error(
    queue: rq.Queue,
) -> None:
    QUEUE.enqueue(nothing, 1, "first")
    queue.connection.delete("rq:job:first")

    assert state().oldest is None


def test_workers_that_were_heard_of_lately_are_alive(worker: rq.SimpleWorker) -> None:
    assert (state().workers, state().busy) == (1, 0)

    worker.set_state("busy")
    assert (state().workers, state().busy) == (1, 1)

    long_ago = utcformat(datetime.now(UTC) - timedelta(minutes=5))
    worker.connection.hset(worker.key, "last_heartbeat", long_ago)
    assert (state().workers, state().busy) == (0, 0)


def test_a_redis_that_is_down_is_the_callers_to_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down(**options: object) -> None:
        raise RedisError

    monkeypatch.setattr("botforge.queues.Worker.all", down)

    with pytest.raises(RedisError):
        queue_states()
