"""Rows and queue, brought together again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import cast

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Queue
from rq.executions import Execution
from rq.job import JobStatus

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest
from backtests.services import recovery
from backtests.services.queueing import enqueue, job_status
from backtests.services.recovery import Recovered, recover_backtests
from backtests.tests.factories import backtest_in, walk_series
from backtests.tests.queues import empty_queue, work_off
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
def queue(settings: Settings) -> Iterator[Queue]:
    # At once: the transaction that a test runs in is never committed.
    settings.RQ = {**settings.RQ, "COMMIT_MODE": "auto"}
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


def test_a_young_row_is_left_alone_because_its_job_may_be_on_its_way(
    make: Make,
) -> None:
    make("queued", None, minutes=0)

    assert recover_backtests() == NOTHING


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

    def ask_while_another_sweeps(job_id: str) -> JobStatus | None:
        status = job_status(job_id)
        if not other:
            other.append(NOTHING)
            other[0] = recover_backtests()
        return status

    monkeypatch.setattr(recovery, "job_status", ask_while_another_sweeps)

    first = recover_backtests()

    assert [first, *other] == [NOTHING, REQUEUED]
    assert len(queue) == 1


def test_a_row_that_ends_while_the_sweep_looks_stays_ended(
    make: Make, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    backtest = make("running", None)

    def end(job_id: str) -> None:
        Backtest.objects.filter(pk=backtest.pk).update(status="completed")

    monkeypatch.setattr(recovery, "job_status", end)

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


def test_one_sweep_mends_all(make: Make, queue: Queue) -> None:
    for _ in range(3):
        make("queued", None)
    make("running", None)
    make("running", None, attempt=3)
    make("running", JobStatus.STARTED)

    assert recover_backtests() == Recovered(requeued=4, failed=1)
    assert recover_backtests() == NOTHING
    assert len(queue) == 4


def test_the_command_says_what_it_did(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    make("queued", None)
    make("running", None, attempt=3)

    call_command("recover_jobs")

    assert capsys.readouterr().out == "1 queued again, 1 given up.\n"


def test_the_command_says_that_redis_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> None:
        raise RedisConnectionError

    monkeypatch.setattr(recovery, "drop_abandoned_jobs", down)

    with pytest.raises(CommandError, match="Redis does not answer"):
        call_command("recover_jobs")
