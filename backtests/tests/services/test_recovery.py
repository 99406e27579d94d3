"""Rows and queue, brought together again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import cast

import pytest
from django.utils import timezone
from pytest_django import Settings
from rq import Queue
from rq.executions import Execution
from rq.job import JobStatus

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest
from backtests.services.queueing import enqueue
from backtests.services.recovery import Recovered, recover_backtests
from backtests.tests.factories import backtest_in, walk_series
from backtests.tests.queues import empty_queue, work_off
from botforge.job_queue import JobQueue, Standing
from marketdata.models import Series

pytestmark = pytest.mark.django_db

NOTHING, REQUEUED, FAILED = Recovered(), Recovered(requeued=1), Recovered(failed=1)


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def queue() -> Iterator[Queue]:
    with empty_queue() as queue:
        yield queue


type Make = Callable[..., Backtest]


@pytest.fixture
def make(alice: User, series: Series, queue: Queue) -> Make:
    """Store a backtest, by default an hour old, whose job is in the given state."""

    def backtest(
        status: str, job: JobStatus | None, *, attempt: int = 1, minutes: int = 60
    ) -> Backtest:
        made = backtest_in(alice, series, status)
        made.queued_at = timezone.now() - timedelta(minutes=minutes)
        made.attempt = attempt
        made.save()
        if job is not None:
            enqueue(made)
            put_in_state(queue, made.job_id, job)
        return made

    return backtest


def put_in_state(queue: Queue, job_id: str, status: JobStatus) -> None:
    job = queue.fetch_job(job_id)
    assert job is not None
    if status != JobStatus.QUEUED:
        queue.remove(job)
        job.set_status(status)
    if status == JobStatus.STARTED:
        with queue.connection.pipeline() as pipeline:
            Execution.create(job, ttl=60, pipeline=pipeline)
            pipeline.execute()


@pytest.mark.parametrize(
    ("status", "job", "expected"),
    [
        ("queued", JobStatus.QUEUED, NOTHING),
        ("queued", JobStatus.STARTED, NOTHING),  # it is about to claim the row
        ("queued", JobStatus.SCHEDULED, NOTHING),
        ("queued", JobStatus.DEFERRED, NOTHING),
        ("queued", None, REQUEUED),
        ("queued", JobStatus.FAILED, REQUEUED),
        ("queued", JobStatus.FINISHED, REQUEUED),
        ("queued", JobStatus.STOPPED, REQUEUED),
        ("queued", JobStatus.CANCELED, REQUEUED),
        ("running", JobStatus.STARTED, NOTHING),
        ("running", None, REQUEUED),
        ("running", JobStatus.FAILED, REQUEUED),
        ("running", JobStatus.FINISHED, REQUEUED),
        ("running", JobStatus.STOPPED, REQUEUED),
        ("completed", None, NOTHING),
        ("failed", None, NOTHING),
        ("cancelled", None, NOTHING),
        ("cancelled", JobStatus.FAILED, NOTHING),
    ],
)
def test_a_row_is_queued_again_exactly_when_no_job_will_run_it(
    make: Make, status: str, job: JobStatus | None, expected: Recovered
) -> None:
    backtest = make(status, job)

    assert recover_backtests() == expected

    after = Backtest.objects.get(pk=backtest.pk)
    if expected == REQUEUED:
        assert (after.status, after.stage, after.started_at) == ("queued", "", None)
        assert after.job_id != backtest.job_id
    else:
        assert (after.status, after.job_id) == (status, backtest.job_id)


@pytest.mark.parametrize("status", ["queued", "running"])
def test_what_was_queued_again_runs(make: Make, queue: Queue, status: str) -> None:
    backtest = make(status, None)

    recover_backtests()
    work_off(queue)

    backtest.refresh_from_db()
    assert (backtest.status, backtest.attempt) == ("completed", 2)


def test_a_job_that_a_worker_took_out_and_never_began_is_replaced(
    make: Make, queue: Queue
) -> None:
    make("queued", JobStatus.QUEUED)
    # What a worker's first step leaves behind when the second one never comes.
    queue.connection.lmove(queue.key, queue.intermediate_queue_key)

    assert recover_backtests() == REQUEUED

    work_off(queue)
    assert Backtest.objects.get().status == "completed"


def test_a_running_row_whose_job_waits_again_is_queued_again(make: Make) -> None:
    make("running", JobStatus.QUEUED)  # as from a snapshot that Redis has loaded

    assert recover_backtests() == REQUEUED


def test_a_young_row_is_left_alone_because_its_job_may_be_on_its_way(
    make: Make,
) -> None:
    make("queued", None, minutes=0)

    assert recover_backtests() == NOTHING


def test_a_young_row_whose_job_has_failed_is_queued_again_at_once(make: Make) -> None:
    make("queued", JobStatus.FAILED, minutes=0)

    assert recover_backtests() == REQUEUED


def test_a_job_not_heard_of_for_long_is_given_up(make: Make, queue: Queue) -> None:
    backtest = make("running", JobStatus.STARTED)
    registry = queue.started_job_registry
    (member,) = queue.connection.zrange(registry.key, 0, -1)
    queue.connection.zincrby(registry.key, -3600, cast(bytes, member))

    assert recover_backtests() == REQUEUED

    assert queue.job_ids == [Backtest.objects.get(pk=backtest.pk).job_id]


def test_after_three_attempts_it_fails_with_a_sentence(make: Make) -> None:
    backtest = make("running", None, attempt=3)

    assert recover_backtests() == FAILED

    backtest.refresh_from_db()
    assert (backtest.status, backtest.error_code) == ("failed", "worker_lost")
    assert "died 3 times" in backtest.error_detail
    assert backtest.finished_at is not None


def test_the_number_of_attempts_is_a_setting(make: Make, settings: Settings) -> None:
    settings.BACKTESTS_MAX_ATTEMPTS = 5
    make("running", None, attempt=4)

    assert recover_backtests() == REQUEUED


def test_waiting_costs_no_attempt(make: Make) -> None:
    make("queued", None, attempt=3)

    assert recover_backtests() == REQUEUED


def test_two_sweeps_at_once_queue_a_row_once(
    make: Make, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("running", None)
    other: list[Recovered] = []

    def ask_while_another_sweeps(queue: JobQueue) -> Standing:
        standing = ask(queue)
        if not other:
            other.append(NOTHING)
            other[0] = recover_backtests()
        return standing

    ask = JobQueue.standing
    monkeypatch.setattr(JobQueue, "standing", ask_while_another_sweeps)

    first = recover_backtests()

    assert [first, *other] == [NOTHING, REQUEUED]
    assert len(queue) == 1


def test_a_row_that_ends_while_the_sweep_looks_stays_ended(
    make: Make, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    backtest = make("running", None)

    def end(queue: JobQueue) -> Standing:
        Backtest.objects.filter(pk=backtest.pk).update(status="completed")
        return Standing((), ())

    monkeypatch.setattr(JobQueue, "standing", end)

    assert recover_backtests() == NOTHING
    assert queue.job_ids == []


def test_a_row_queued_twice_is_watched_under_the_job_that_runs_it(
    make: Make, queue: Queue
) -> None:
    backtest = make("queued", JobStatus.QUEUED)
    running = queue.job_ids[0]
    Backtest.objects.filter(pk=backtest.pk).update(job_id="another")

    work_off(queue)

    backtest.refresh_from_db()
    assert (backtest.status, backtest.job_id) == ("completed", running)


def test_what_came_first_is_queued_first_again(make: Make, queue: Queue) -> None:
    made = [make("queued", None) for _ in range(3)]

    recover_backtests()

    rows = Backtest.objects.in_bulk()
    assert queue.job_ids == [rows[backtest.pk].job_id for backtest in made]


def test_one_sweep_mends_all(make: Make, queue: Queue) -> None:
    for _ in range(3):
        make("queued", None)
    make("running", None)
    make("running", None, attempt=3)
    make("running", JobStatus.STARTED)

    assert recover_backtests() == Recovered(requeued=4, failed=1)
    assert recover_backtests() == NOTHING
    assert len(queue) == 4
