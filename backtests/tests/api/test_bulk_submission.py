"""Many backtests in one request: all of them, or none."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import (
    DjangoAssertNumQueries,
    DjangoCaptureOnCommitCallbacks,
    Settings,
)
from rest_framework.test import APIClient
from rq import Queue

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of
from backtests.models import Backtest, DailyUsage
from backtests.tests.factories import completed, walk_series
from backtests.tests.queues import empty_queue, work_off
from marketdata.models import Series
from strategies.tests.factories import strategy_of

pytestmark = pytest.mark.django_db

URL = "/api/v1/backtests/bulk/"


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


def crosses(series: Series, count: int) -> list[dict[str, Any]]:
    """Return requests that differ in one parameter."""
    return [
        {
            "library": "ma_cross",
            "series": series.pk,
            "parameters": {"fast": 2 + i, "slow": 150},
        }
        for i in range(count)
    ]


def test_all_are_queued_in_the_order_of_the_request(
    api: APIClient,
    series: Series,
    queue: Queue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = api.post(URL, {"backtests": crosses(series, 100)})

    assert response.status_code == 202
    shown = response.json()["backtests"]
    assert [b["parameters"]["fast"] for b in shown] == list(range(2, 102))
    assert [b["queue_position"] for b in shown] == list(range(1, 101))
    rows = Backtest.objects.in_bulk([b["id"] for b in shown])
    assert queue.job_ids == [rows[b["id"]].job_id for b in shown]

    work_off(queue)
    assert set(Backtest.objects.values_list("status", flat=True)) == {"completed"}


@pytest.mark.parametrize("count", [1, 100])
def test_any_number_takes_the_same_few_queries(
    api: APIClient,
    alice: User,
    series: Series,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    DailyUsage.objects.create(owner=alice, day="2024-01-01")
    api.post(URL, {"backtests": crosses(series, 1)})

    # As many as for a single one: test_create_backtest has the list.
    with django_assert_num_queries(10):
        response = api.post(URL, {"backtests": crosses(series, count)})

    assert response.status_code == 202


def test_one_that_is_wrong_stops_all_and_is_named_by_its_place(
    api: APIClient, series: Series
) -> None:
    requests = crosses(series, 4)
    requests[1]["series"] = 999
    requests[3]["parameters"] = {"fast": -1, "nonsense": 1}

    response = api.post(URL, {"backtests": requests})

    assert pointers_of(response) == [
        "/backtests/1/series",
        "/backtests/3/parameters/fast",
        "/backtests/3/parameters/nonsense",
    ]
    assert not Backtest.objects.exists()


def test_a_wrong_shape_is_named_by_its_place_too(
    api: APIClient, series: Series
) -> None:
    requests = crosses(series, 3)
    del requests[2]["series"]
    requests[2]["nmae"] = "x"

    response = api.post(URL, {"backtests": requests})

    assert pointers_of(response) == ["/backtests/2/nmae"]


@pytest.mark.parametrize("body", [{}, {"backtests": []}, {"backtests": {}}, []])
def test_no_list_of_backtests_is_refused(api: APIClient, body: Any) -> None:
    problem_of(api.post(URL, body, format="json"), 400)


def test_more_than_a_hundred_are_refused(api: APIClient, series: Series) -> None:
    response = api.post(URL, {"backtests": crosses(series, 101)})

    assert pointers_of(response) == ["/backtests"]


def test_more_than_the_user_may_have_are_refused_together(
    api: APIClient, series: Series, settings: Settings
) -> None:
    settings.BACKTESTS_MAX_ACTIVE = 4

    refused = api.post(URL, {"backtests": crosses(series, 5)})

    assert problem_of(refused, 429)["code"] == "quota_active"
    assert not Backtest.objects.exists()
    assert not DailyUsage.objects.exists()
    assert api.post(URL, {"backtests": crosses(series, 4)}).status_code == 202


def test_what_is_beyond_a_worker_is_named_by_its_place(
    api: APIClient, series: Series, settings: Settings
) -> None:
    settings.JOB_TIMEOUT_SECONDS = 0

    problem = problem_of(api.post(URL, {"backtests": crosses(series, 1)}), 422)

    assert problem["code"] == "too_expensive"
    assert problem["errors"][0]["pointer"] == "/backtests/0/start"


def test_known_results_and_new_runs_can_be_mixed(
    api: APIClient, alice: User, series: Series
) -> None:
    requests = crosses(series, 4)
    known = [
        completed(alice, series, library="ma_cross", parameters=parameters).pk
        for parameters in (requests[1]["parameters"], requests[3]["parameters"])
    ]

    shown = api.post(URL, {"backtests": requests}).json()["backtests"]

    assert [b["cache"] for b in shown] == ["miss", "hit", "miss", "hit"]
    assert [b["cached_from"] for b in shown] == [None, known[0], None, known[1]]
    assert [b["metrics"] is not None for b in shown] == [False, True, False, True]


def test_series_by_name_and_own_strategies_work_as_alone(
    api: APIClient, alice: User, series: Series
) -> None:
    own = strategy_of(alice)
    names = {"source": "toys", "symbol": "WALK/USDT", "timeframe": "1h"}
    requests = [{"strategy": own.pk, "series": names} for _ in range(3)]

    shown = api.post(URL, {"backtests": requests}).json()["backtests"]

    assert [b["strategy"] for b in shown] == [own.pk] * 3
    assert [b["series"]["id"] for b in shown] == [series.pk] * 3


def test_sent_twice_under_one_key_they_are_submitted_once(
    api: APIClient, series: Series
) -> None:
    body = {"backtests": crosses(series, 3)}
    first, again = (
        api.post(URL, body, headers={"Idempotency-Key": "k"}) for _ in range(2)
    )

    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    assert Backtest.objects.count() == 3


def test_anonymous_is_401(series: Series) -> None:
    problem_of(api_client().post(URL, {"backtests": crosses(series, 1)}), 401)
