"""What one user may have of the workers, exact even for simultaneous requests."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient
from rq import Queue

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import problem_of
from backtests.costs import estimate
from backtests.models import Backtest, DailyUsage
from backtests.runnable import runnable_strategy
from backtests.tests.factories import backtest_in, walk_series
from backtests.tests.queues import empty_queue
from marketdata.models import Series

pytestmark = pytest.mark.django_db

URL, ME = "/api/v1/backtests/", "/api/v1/me/"
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


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
def cost(alice: User, series: Series) -> float:
    """The estimated seconds of one of these backtests."""
    backtest = backtest_in(alice, series, "failed")
    strategy = runnable_strategy(backtest)
    return estimate(strategy, backtest.bars, backtest.parameters).seconds


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def submit(api: APIClient, series: Series, **other: Any) -> Any:
    return api.post(URL, {"library": "buy_and_hold", "series": series.pk, **other})


def spent(alice: User) -> list[Any]:
    return list(
        DailyUsage.objects.filter(owner=alice)
        .order_by("day")
        .values_list("day", "cost", "backtests")
    )


def test_what_is_submitted_is_added_up_by_day(
    api: APIClient, alice: User, series: Series, cost: float, noon: None
) -> None:
    for _ in range(3):
        assert submit(api, series).json()["cost"] == cost

    assert spent(alice) == [(date(2024, 5, 1), pytest.approx(3 * cost), 3)]


def test_a_day_ends_at_midnight_utc(
    api: APIClient,
    alice: User,
    series: Series,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.BACKTESTS_MAX_DAILY_COST = 0.04  # enough for one
    late = datetime(2024, 5, 1, 23, 59, 50, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert submit(api, series).status_code == 202

    refused = submit(api, series)

    assert problem_of(refused, 429)["code"] == "quota_cost"
    assert 10 <= int(refused["Retry-After"]) <= 11
    monkeypatch.setattr(timezone, "now", lambda: late.replace(day=2))
    assert submit(api, series).status_code == 202


def test_the_cost_of_the_day_may_be_used_up_exactly(
    api: APIClient, series: Series, cost: float, settings: Settings
) -> None:
    settings.BACKTESTS_MAX_DAILY_COST = 3 * cost * 1.000001

    statuses = [submit(api, series).status_code for _ in range(4)]

    assert statuses == [202, 202, 202, 429]


def test_what_is_refused_costs_nothing(
    api: APIClient, alice: User, series: Series, settings: Settings
) -> None:
    settings.BACKTESTS_MAX_ACTIVE = 0
    assert submit(api, series).status_code == 429
    assert submit(api, series, start="2030-01-01T00:00:00Z").status_code == 400

    assert spent(alice) == []


def test_one_that_costs_more_than_a_day_is_refused_without_a_time_to_wait(
    api: APIClient, series: Series, settings: Settings
) -> None:
    settings.BACKTESTS_MAX_DAILY_COST = 0.001

    refused = submit(api, series)

    assert problem_of(refused, 429)["code"] == "quota_cost"
    assert "whole day" in refused.json()["detail"]
    assert "Retry-After" not in refused


def test_no_limit_is_0(
    api: APIClient, alice: User, series: Series, settings: Settings
) -> None:
    settings.BACKTESTS_MAX_DAILY_COST = 0
    DailyUsage.objects.create(owner=alice, day=timezone.now().date(), cost=1e9)

    assert submit(api, series).status_code == 202


def test_a_deleted_backtest_has_cost_what_it_has_cost(
    api: APIClient, alice: User, series: Series, noon: None
) -> None:
    url = f"{URL}{submit(api, series).json()['id']}/"
    before = spent(alice)
    api.post(f"{url}cancel/")

    assert api.delete(url).status_code == 204

    assert spent(alice) == before


def test_me_shows_limits_and_usage(
    api: APIClient,
    alice: User,
    series: Series,
    cost: float,
    noon: None,
    settings: Settings,
) -> None:
    settings.BACKTESTS_MAX_ACTIVE = 7
    settings.BACKTESTS_MAX_DAILY_COST = 500
    for _ in range(2):
        submit(api, series)

    quotas = api.get(ME).json()["quotas"]

    assert quotas["active"] == {"limit": 7, "used": 2, "resets_at": None}
    assert quotas["daily_cost"] == {
        "limit": 500,
        "used": pytest.approx(2 * cost),
        "resets_at": "2024-05-02T00:00:00Z",
    }


def test_me_shows_where_there_is_no_limit(api: APIClient, settings: Settings) -> None:
    settings.BACKTESTS_MAX_DAILY_COST = 0

    shown = api.get(ME).json()["quotas"]["daily_cost"]

    assert (shown["limit"], shown["used"]) == (None, 0)


def test_others_backtests_do_not_count(api: APIClient, series: Series) -> None:
    submit(api_client(user_create(email="bob@example.org")), series)

    quotas = api.get(ME).json()["quotas"]

    assert (quotas["active"]["used"], quotas["daily_cost"]["used"]) == (0, 0)


@pytest.fixture
def queue() -> Iterator[Queue]:
    with empty_queue() as queue:
        yield queue


def at_once(user: User, series: Series, count: int) -> Counter[int]:
    """Submit from as many threads at once; return how many got which status."""
    barrier = threading.Barrier(count)

    def one() -> int:
        try:
            api = api_client(user)
            barrier.wait()
            return int(submit(api, series).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return Counter(f.result() for f in [pool.submit(one) for _ in range(count)])


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_never_exceed_the_number(
    alice: User, series: Series, queue: Queue, settings: Settings
) -> None:
    settings.BACKTESTS_MAX_ACTIVE = 3

    assert at_once(alice, series, 10) == {202: 3, 429: 7}

    assert Backtest.objects.filter(status="queued").count() == 3
    assert spent(alice)[0][2] == 3


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_never_exceed_the_cost(
    alice: User, series: Series, queue: Queue, cost: float, settings: Settings
) -> None:
    settings.BACKTESTS_MAX_DAILY_COST = 4.5 * cost

    assert at_once(alice, series, 10) == {202: 4, 429: 6}

    assert spent(alice)[0][1] == pytest.approx(4 * cost)
