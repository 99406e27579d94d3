"""PATCH and DELETE."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import pointers_of, problem_of
from backtests.models import Backtest, BacktestResult
from backtests.tests.factories import backtest_in, completed, walk_series
from marketdata.models import Series

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


def url_of(backtest: Backtest) -> str:
    return f"/api/v1/backtests/{backtest.pk}/"


FILED = {
    "name": "Trend",
    "notes": "Looks\ngood.",
    "tags": ["a", "b"],
    "pinned": True,
}


@pytest.mark.parametrize("status", Backtest.Status.values)
def test_name_notes_and_tags_can_be_changed_in_every_state(
    api: APIClient, alice: User, series: Series, status: str
) -> None:
    url = url_of(backtest_in(alice, series, status))
    before = api.get(url).json()

    response = api.patch(url, FILED)

    assert response.status_code == 200
    assert response.json() == api.get(url).json() == {**before, **FILED}


@pytest.mark.parametrize("name", FILED)
def test_what_is_left_out_stays(
    api: APIClient, alice: User, series: Series, name: str
) -> None:
    url = url_of(backtest_in(alice, series, "queued"))
    api.patch(url, FILED)

    other = {"tags": [], "pinned": False}.get(name, "")
    body = api.patch(url, {name: other}).json()

    assert {k: body[k] for k in FILED if k != name} == {
        k: v for k, v in FILED.items() if k != name
    }
    assert not body[name]


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"status": "completed"}, ["/status"]),
        ({"library": "ma_cross", "bars": 3}, ["/bars", "/library"]),
        ({"name": "x" * 201}, ["/name"]),
        ({"name": None}, ["/name"]),
        ({"notes": "x" * 20_001}, ["/notes"]),
        ({"tags": "a"}, ["/tags"]),
        ({"tags": ["x" * 41]}, ["/tags/0"]),
        ({"tags": ["x"] * 21}, ["/tags"]),
        ([1], [""]),
        ("text", [""]),
    ],
)
def test_bad_input_names_the_field(
    api: APIClient, alice: User, series: Series, changes: Any, pointers: list[str]
) -> None:
    url = url_of(backtest_in(alice, series, "queued"))
    before = api.get(url).json()

    assert pointers_of(api.patch(url, changes)) == pointers

    assert api.get(url).json() == before


def test_a_change_leaves_the_run_alone(
    api: APIClient, alice: User, series: Series
) -> None:
    backtest = backtest_in(alice, series, "queued")
    stale = api_client(alice)
    Backtest.objects.filter(pk=backtest.pk).update(status="running", attempt=1)

    stale.patch(url_of(backtest), {"name": "Mine"})

    backtest.refresh_from_db()
    assert (backtest.status, backtest.attempt, backtest.name) == ("running", 1, "Mine")


def test_a_change_takes_three_queries(
    api: APIClient,
    alice: User,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    url = url_of(completed(alice, series))

    # the row, the change, and the trials up to now
    with django_assert_num_queries(3):
        api.patch(url, FILED)


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_one_that_is_over_can_be_deleted(
    api: APIClient, alice: User, series: Series, status: str
) -> None:
    url = url_of(backtest_in(alice, series, status))

    response = api.delete(url)

    assert response.status_code == 204
    assert response.content == b""
    assert not Backtest.objects.exists()
    assert not BacktestResult.objects.exists()
    problem_of(api.delete(url), 404)


@pytest.mark.parametrize("status", ["queued", "running"])
def test_one_that_is_not_over_must_be_cancelled_first(
    api: APIClient, alice: User, series: Series, status: str
) -> None:
    backtest = backtest_in(alice, series, status)

    problem = problem_of(api.delete(url_of(backtest)), 409)

    assert problem["code"] == "not_finished"
    assert "cancel it" in problem["detail"]
    assert Backtest.objects.filter(pk=backtest.pk, status=status).exists()


def test_deleting_reads_no_table(
    api: APIClient,
    alice: User,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    url = url_of(completed(alice, series))

    # The backtest; once more, and what hangs on it: result, verification, copies,
    # reruns, comparisons; then the rows themselves.
    with django_assert_num_queries(8) as captured:
        api.delete(url)

    selects = [q["sql"] for q in captured.captured_queries if "SELECT" in q["sql"]]
    assert not [sql for sql in selects if '"fills"' in sql]


def test_anonymous_is_401(alice: User, series: Series) -> None:
    url = url_of(backtest_in(alice, series, "failed"))

    problem_of(api_client().patch(url, FILED), 401)
    problem_of(api_client().delete(url), 401)


def test_a_stranger_can_neither_change_nor_delete(alice: User, series: Series) -> None:
    backtest = backtest_in(alice, series, "failed")
    stranger = api_client(user_create(email="mallory@example.org"))

    problem_of(stranger.patch(url_of(backtest), FILED), 404)
    problem_of(stranger.delete(url_of(backtest)), 404)

    backtest.refresh_from_db()
    assert backtest.name == ""


def test_a_tag_is_kept_once(api: APIClient, alice: User, series: Series) -> None:
    url = url_of(backtest_in(alice, series, "queued"))

    assert api.patch(url, {"tags": ["x", "y", "x"]}).json()["tags"] == ["x", "y"]
