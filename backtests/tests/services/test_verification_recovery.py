"""Verifications and queue, brought together again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Queue

from accounts.tests.factories import user_create
from backtests.housekeeping import sweep
from backtests.models import Backtest, Verification
from backtests.services.verification_recovery import recover_verifications
from backtests.services.verification_submission import enqueue
from backtests.tests.factories import completed, walk_series
from backtests.tests.queues import empty_queue, work_off
from backtests.worker import PreloadWorker
from botforge.job_queue import JobQueue, Standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def done() -> Backtest:
    return completed(user_create(), walk_series())


@pytest.fixture
def queue(settings: Settings) -> Iterator[Queue]:
    # At once: the transaction that a test runs in is never committed.
    settings.RQ = {**settings.RQ, "COMMIT_MODE": "auto"}
    with empty_queue() as queue:
        yield queue


def lost(
    backtest: Backtest, status: str, *, attempt: int = 1, minutes: int = 60
) -> Verification:
    return Verification.objects.create(
        backtest=backtest,
        status=status,
        job_id="gone",
        attempt=attempt,
        queued_at=timezone.now() - timedelta(minutes=minutes),
    )


@pytest.mark.parametrize("status", ["queued", "running"])
def test_one_whose_job_is_gone_is_queued_again_and_runs(
    done: Backtest, queue: Queue, status: str
) -> None:
    row = lost(done, status)

    assert recover_verifications() == (1, 0)
    assert recover_verifications() == (0, 0)
    work_off(queue)

    row.refresh_from_db()
    assert (row.status, row.outcome, row.attempt) == ("completed", "identical", 2)


def test_one_whose_job_waits_is_left_alone(done: Backtest, queue: Queue) -> None:
    enqueue(lost(done, "queued"))

    assert recover_verifications() == (0, 0)


def test_a_young_one_is_left_alone_because_its_job_may_be_on_its_way(
    done: Backtest, queue: Queue
) -> None:
    lost(done, "queued", minutes=0)

    assert recover_verifications() == (0, 0)


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_one_that_is_over_is_left_alone(
    done: Backtest, queue: Queue, status: str
) -> None:
    lost(done, status)

    assert recover_verifications() == (0, 0)


def test_after_three_attempts_it_fails_with_a_sentence(
    done: Backtest, queue: Queue
) -> None:
    row = lost(done, "running", attempt=3)

    assert recover_verifications() == (0, 1)

    row.refresh_from_db()
    assert (row.status, row.error_code) == ("failed", "worker_lost")
    assert "died 3 times" in row.error_detail
    assert row.finished_at is not None


def test_two_sweeps_at_once_queue_it_once(
    done: Backtest, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost(done, "running")
    other: list[tuple[int, int]] = []

    def ask_while_another_sweeps(queue: JobQueue) -> Standing:
        if not other:
            other.append((0, 0))
            other[0] = recover_verifications()
        return standing(queue)

    standing = JobQueue.standing
    monkeypatch.setattr(JobQueue, "standing", ask_while_another_sweeps)

    assert recover_verifications() == (0, 0)
    assert other == [(1, 0)]
    assert len(queue) == 1


def test_a_redis_that_is_down_is_the_callers_to_know(
    done: Backtest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_: JobQueue) -> Standing:
        raise RedisConnectionError

    lost(done, "queued")
    monkeypatch.setattr(JobQueue, "standing", down)

    with pytest.raises(RedisConnectionError):
        recover_verifications()


def test_the_scheduler_looks_after_them(done: Backtest, queue: Queue) -> None:
    row = lost(done, "queued")

    sweep()

    row.refresh_from_db()
    assert queue.job_ids == [row.job_id]


def test_every_worker_looks_after_them(done: Backtest, queue: Queue) -> None:
    row = lost(done, "queued")

    PreloadWorker([queue], connection=queue.connection).sweep()

    row.refresh_from_db()
    assert queue.job_ids == [row.job_id]
