from collections.abc import Iterator
from typing import Any

import django_rq
import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks
from redis.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Queue
from rq.job import Job, JobStatus

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from backtests.models import Backtest
from backtests.services.queueing import QUEUE, enqueue
from backtests.services.recovery import recover_backtests
from backtests.services.request import BacktestRequest
from backtests.services.submission import backtest_create
from backtests.tests.factories import backtest_queued, walk_series
from backtests.tests.queues import empty_queue
from botforge.job_queue import new_job_id
from marketdata.models import Series

pytestmark = pytest.mark.django_db


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


class Down:
    """A queue whose Redis does not answer."""

    def __getattr__(self, name: str) -> Any:
        raise RedisConnectionError("no route to host")


@pytest.fixture
def redis_down(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(django_rq, "get_queue", lambda name: Down())
    return monkeypatch


@pytest.mark.django_db(transaction=True)
def test_a_submission_that_is_rolled_back_queues_nothing(
    alice: User, series: Series, queue: Queue
) -> None:
    class Changed(Exception):
        pass

    @transaction.atomic
    def submit_and_fail() -> None:
        request = BacktestRequest(series=series.pk, library="ma_cross")
        backtest_create(owner=alice, request=request)
        assert queue.job_ids == []
        raise Changed

    with pytest.raises(Changed):
        submit_and_fail()

    assert queue.job_ids == []
    assert not Backtest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_submission_is_queued_under_the_name_in_its_row(
    alice: User, series: Series, queue: Queue
) -> None:
    request = BacktestRequest(series=series.pk, library="ma_cross")

    backtest = backtest_create(owner=alice, request=request)

    job = queue.fetch_job(backtest.job_id)
    assert job is not None
    assert (job.func_name, job.args) == ("backtests.jobs.run_backtest", [backtest.pk])


def test_without_redis_a_submission_is_kept_and_queued_by_the_next_sweep(
    alice: User,
    series: Series,
    queue: Queue,
    redis_down: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    given = {"library": "ma_cross", "series": series.pk}
    with django_capture_on_commit_callbacks(execute=True):
        response = api_client(alice).post("/api/v1/backtests/", given)

    assert response.status_code == 202
    assert response.json()["status"] == "queued"
    assert queue.job_ids == []

    redis_down.undo()
    Backtest.objects.update(queued_at="2024-01-01T00:00:00Z")
    assert recover_backtests().requeued == 1

    assert queue.job_ids == [Backtest.objects.get().job_id]


def test_without_redis_a_cancellation_still_counts(
    alice: User, series: Series, redis_down: pytest.MonkeyPatch
) -> None:
    backtest = backtest_queued(alice, series)

    response = api_client(alice).post(f"/api/v1/backtests/{backtest.pk}/cancel/")

    assert response.status_code == 200
    assert response.json()["status"] == "cancelled"


def test_a_waiting_job_is_withdrawn(alice: User, series: Series, queue: Queue) -> None:
    backtest = backtest_queued(alice, series)
    enqueue(backtest)
    assert QUEUE.status(backtest.job_id) == JobStatus.QUEUED

    QUEUE.withdraw(backtest.job_id)

    assert QUEUE.status(backtest.job_id) is None
    assert queue.job_ids == []


def test_many_are_queued_in_one_exchange_and_in_order(
    alice: User, series: Series, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    backtests = [backtest_queued(alice, series) for _ in range(20)]
    exchanges = []

    def execute(pipeline: Pipeline, *args: Any, **options: Any) -> list[Any]:
        exchanges.append(pipeline)
        return original(pipeline, *args, **options)

    original = Pipeline.execute
    monkeypatch.setattr(Pipeline, "execute", execute)

    enqueue(*backtests)

    assert queue.job_ids == [backtest.job_id for backtest in backtests]
    assert len(exchanges) == 1


def test_withdrawing_a_job_that_is_not_there_does_nothing(queue: Queue) -> None:
    QUEUE.withdraw("never-heard-of")


def test_withdrawing_a_job_whose_worker_is_gone_does_nothing(queue: Queue) -> None:
    job = Job.create(print, connection=queue.connection, id="x", origin=queue.name)
    job.serializer = queue.serializer
    job.save()
    job.set_status(JobStatus.STARTED)

    QUEUE.withdraw("x")

    job.delete()


def test_job_ids_do_not_repeat() -> None:
    assert len({new_job_id() for _ in range(1000)}) == 1000
