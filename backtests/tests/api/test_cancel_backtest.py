from collections.abc import Iterator

import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient
from rq import Queue

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import problem_of
from backtests.models import Backtest
from backtests.tests.factories import backtest_in, walk_series
from backtests.tests.queues import empty_queue, work_off
from marketdata.models import Series

URL = "/api/v1/backtests/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def queue() -> Iterator[Queue]:
    with empty_queue() as queue:
        yield queue


def test_a_queued_one_is_cancelled_and_leaves_the_queue(
    api: APIClient,
    series: Series,
    queue: Queue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        given = {"library": "ma_cross", "series": series.pk}
        url = api.post(URL, given)["Location"]
    assert len(queue) == 1

    response = api.post(f"{url}cancel/")

    assert response.status_code == 200
    assert response.json()["status"] == "cancelled"
    assert response.json()["finished_at"] is not None
    assert response.json() == api.get(url).json()
    assert queue.job_ids == []


def test_a_worker_that_has_taken_the_job_already_runs_nothing(
    api: APIClient,
    series: Series,
    queue: Queue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        given = {"library": "ma_cross", "series": series.pk}
        pk = api.post(URL, given).json()["id"]

    Backtest.objects.filter(pk=pk).update(status="cancelled")
    work_off(queue)

    assert Backtest.objects.get(pk=pk).status == "cancelled"
    assert Backtest.objects.get(pk=pk).attempt == 0


def test_a_running_one_is_cancelled(
    api: APIClient, alice: User, series: Series, queue: Queue
) -> None:
    backtest = backtest_in(alice, series, "running")

    body = api.post(f"{URL}{backtest.pk}/cancel/").json()

    assert body["status"] == "cancelled"
    assert body["duration_ms"] is not None


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_one_that_is_over_stays_as_it_is(
    api: APIClient, alice: User, series: Series, queue: Queue, status: str
) -> None:
    url = f"{URL}{backtest_in(alice, series, status).pk}/"
    before = api.get(url).json()

    for _ in range(2):
        response = api.post(f"{url}cancel/")

        assert response.status_code == 200
        assert response.json() == before


def test_it_can_be_deleted_then(
    api: APIClient, alice: User, series: Series, queue: Queue
) -> None:
    url = f"{URL}{backtest_in(alice, series, 'queued').pk}/"

    api.post(f"{url}cancel/")

    assert api.delete(url).status_code == 204


def test_it_takes_few_queries(
    api: APIClient,
    alice: User,
    series: Series,
    queue: Queue,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    url = f"{URL}{backtest_in(alice, series, 'queued').pk}/cancel/"

    # the backtest, its state, its state as it is now, the answer
    with django_assert_num_queries(4):
        api.post(url)


def test_a_body_is_no_obstacle(
    api: APIClient, alice: User, series: Series, queue: Queue
) -> None:
    url = f"{URL}{backtest_in(alice, series, 'queued').pk}/cancel/"

    assert api.post(url, {"why": "changed my mind"}).status_code == 200


def test_a_stranger_cancels_nothing(alice: User, series: Series, queue: Queue) -> None:
    backtest = backtest_in(alice, series, "queued")
    stranger = api_client(user_create(email="mallory@example.org"))

    problem_of(stranger.post(f"{URL}{backtest.pk}/cancel/"), 404)

    backtest.refresh_from_db()
    assert backtest.status == "queued"
