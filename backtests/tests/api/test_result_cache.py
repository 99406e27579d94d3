"""An identical run is answered with the result that is there."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from backtests.models import Backtest, BacktestResult, DailyUsage, Trial
from backtests.services.retention import purge_results
from backtests.tests.factories import (
    backtest_in,
    candles_add,
    completed,
    day,
    walk,
    walk_series,
)
from marketdata.models import Series

pytestmark = pytest.mark.django_db

URL = "/api/v1/backtests/"
CROSS = {"library": "ma_cross", "parameters": {"fast": 5, "slow": 20}}


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series()


def submit(api: APIClient, series: Series, **other: Any) -> dict[str, Any]:
    response = api.post(URL, {**CROSS, "series": series.pk, **other})
    assert response.status_code == 202
    body: dict[str, Any] = response.json()
    return body


def test_the_second_of_two_identical_requests_is_completed_at_once(
    api: APIClient, alice: User, series: Series
) -> None:
    first = completed(alice, series, **CROSS)

    body = submit(api, series, name="again")

    assert (body["status"], body["cache"]) == ("completed", "hit")
    assert body["cached_from"] == first.pk
    assert body["name"] == "again"
    assert (body["cost"], body["attempt"], body["duration_ms"]) == (0, 0, 0)
    assert body["metrics"] == api.get(f"{URL}{first.pk}/").json()["metrics"]
    assert body == api.get(f"{URL}{body['id']}/").json()


@pytest.mark.parametrize("what", ["trades", "fills", "equity", "manifest"])
def test_its_result_is_the_same_in_every_part(
    api: APIClient, alice: User, series: Series, what: str
) -> None:
    first = completed(alice, series, **CROSS)

    again = submit(api, series)["id"]

    assert (
        api.get(f"{URL}{again}/{what}/").json()
        == api.get(f"{URL}{first.pk}/{what}/").json()
    )


def test_every_column_of_the_result_is_copied(
    api: APIClient, alice: User, series: Series
) -> None:
    first = completed(alice, series, **CROSS)

    again = submit(api, series)["id"]

    rows = BacktestResult.objects.in_bulk()
    for field in BacktestResult._meta.concrete_fields:
        if not field.primary_key:
            one, other = (getattr(rows[pk], field.attname) for pk in (first.pk, again))
            assert one == other, field.name


def test_a_copy_stands_by_itself_when_the_first_is_deleted(
    api: APIClient, alice: User, series: Series
) -> None:
    first = completed(alice, series, **CROSS)
    again = submit(api, series)["id"]

    assert api.delete(f"{URL}{first.pk}/").status_code == 204

    body = api.get(f"{URL}{again}/").json()
    assert (body["cache"], body["cached_from"]) == ("hit", None)
    assert api.get(f"{URL}{again}/trades/").json()["count"] > 0


def test_refresh_runs_it_all_the_same(
    api: APIClient, alice: User, series: Series
) -> None:
    completed(alice, series, **CROSS)

    body = submit(api, series, cache="refresh")

    assert (body["status"], body["cache"]) == ("queued", "miss")
    assert body["cached_from"] is None
    assert body["cost"] > 0


DIFFERENT: list[dict[str, Any]] = [
    {"parameters": {"fast": 6, "slow": 20}},
    {"execution": {"fee_rate": 0.002}},
    {"start": day(1).isoformat()},
    {"end": day(9).isoformat()},
]


@pytest.mark.parametrize("other", DIFFERENT)
def test_a_request_that_differs_is_run(
    api: APIClient, alice: User, series: Series, other: dict[str, Any]
) -> None:
    completed(alice, series, **CROSS)

    assert submit(api, series, **other)["cache"] == "miss"


def test_after_new_candles_it_is_run(
    api: APIClient, alice: User, series: Series
) -> None:
    end = series.first_and_after[1].isoformat()
    completed(alice, series, **CROSS)
    candles_add(series, walk(450))

    assert submit(api, series, end=end)["cache"] == "miss"


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_one_that_is_not_completed_has_nothing_to_give(
    api: APIClient, alice: User, series: Series, status: str
) -> None:
    backtest_in(alice, series, status, **CROSS)

    assert submit(api, series)["cache"] == "miss"


def test_others_results_are_not_used(api: APIClient, series: Series) -> None:
    completed(user_create(email="bob@example.org"), series, **CROSS)

    assert submit(api, series)["cache"] == "miss"


def test_a_purged_result_is_made_again(
    api: APIClient, alice: User, series: Series
) -> None:
    completed(alice, series, **CROSS)
    purge_results(finished_before=day(9999))

    assert submit(api, series)["cache"] == "miss"


def test_a_whole_copy_serves_when_the_first_is_purged(
    api: APIClient, alice: User, series: Series
) -> None:
    first = completed(alice, series, **CROSS)
    copy = submit(api, series)["id"]
    Backtest.objects.filter(pk=copy).update(pinned=True)
    purge_results(finished_before=day(9999))
    assert BacktestResult.objects.get(pk=first.pk).purged_at is not None

    body = submit(api, series)

    assert (body["cache"], body["cached_from"]) == ("hit", copy)


def test_it_costs_nothing_and_counts_as_one_trial(
    api: APIClient, alice: User, series: Series
) -> None:
    completed(alice, series, **CROSS)
    assert Trial.objects.count() == 1

    submit(api, series)

    assert Trial.objects.count() == 1
    assert not DailyUsage.objects.exists()


def test_it_is_answered_to_a_user_who_has_used_up_the_day(
    api: APIClient, alice: User, series: Series, settings: Any
) -> None:
    completed(alice, series, **CROSS)
    settings.BACKTESTS_MAX_ACTIVE = 0

    assert submit(api, series)["status"] == "completed"


def test_without_its_tables_in_python_it_takes_few_queries(
    api: APIClient,
    alice: User,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    completed(alice, series, **CROSS)

    # the series, one to count its candles, savepoint, the user's lock, the known
    # backtest, that its result is whole, row, copy, what is shown of it, the trials
    # of today for it, release, the trials again to show them
    with django_assert_num_queries(13) as captured:
        submit(api, series)

    for query in captured.captured_queries:
        if not query["sql"].startswith("INSERT"):
            assert '"equity"' not in query["sql"]


def test_of_several_the_newest_is_named(
    api: APIClient, alice: User, series: Series
) -> None:
    completed(alice, series, **CROSS)
    newest = completed(alice, series, **CROSS)

    assert submit(api, series)["cached_from"] == newest.pk


def test_what_is_neither_use_nor_refresh_is_refused(
    api: APIClient, series: Series
) -> None:
    response = api.post(URL, {**CROSS, "series": series.pk, "cache": "no"})

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/cache"
