"""report/: the one answer that is a page."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, jwt_client, user_create
from accounts.tests.problems import problem_of
from backtests.models import Backtest, BacktestResult
from backtests.tests.factories import backtest_in, completed, walk_series
from marketdata.models import Series

CROSS = {"library": "ma_cross", "parameters": {"fast": 3, "slow": 10}}

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
def done(alice: User, series: Series) -> Backtest:
    return completed(alice, series, **CROSS)


def url_of(backtest: Backtest) -> str:
    return f"/api/v1/backtests/{backtest.pk}/report/"


def policy_of(response: Any) -> dict[str, str]:
    directives = response["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (d.partition(" ") for d in directives)}


def test_it_is_a_page_of_the_result(alice: User, done: Backtest) -> None:
    response = jwt_client(alice).get(url_of(done))

    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert (
        response["Content-Disposition"] == f'inline; filename="backtest-{done.pk}.html"'
    )
    page = response.content.decode()
    assert page.startswith("<!doctype html>")
    assert "Moving-average cross on WALK/USDT 1h" in page


def test_it_is_the_same_bytes_each_time(api: APIClient, done: Backtest) -> None:
    assert api.get(url_of(done)).content == api.get(url_of(done)).content


def test_it_takes_three_queries(
    api: APIClient, done: Backtest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # The backtest, its result, its candles.
    with django_assert_num_queries(3):
        assert api.get(url_of(done)).status_code == 200


def test_it_may_run_its_own_scripts_and_reach_nothing(
    api: APIClient, done: Backtest
) -> None:
    policy = policy_of(api.get(url_of(done)))

    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["sandbox"] == "allow-scripts"
    sources = policy["script-src"].split()
    assert len(sources) == 3
    assert all(source.startswith("'sha256-") for source in sources)


def test_it_is_packed_for_who_takes_that(api: APIClient, done: Backtest) -> None:
    plain = api.get(url_of(done))
    packed = api.get(url_of(done), HTTP_ACCEPT_ENCODING="gzip")

    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3


def test_nobody_gets_none(done: Backtest) -> None:
    assert problem_of(api_client().get(url_of(done)), 401)


def test_a_strangers_is_not_there(done: Backtest) -> None:
    stranger = api_client(user_create(email="charlie@example.org"))

    assert problem_of(stranger.get(url_of(done)), 404)


@pytest.mark.parametrize("status", ["queued", "running"])
def test_before_the_end_there_is_none_yet(
    api: APIClient, alice: User, series: Series, status: str
) -> None:
    url = url_of(backtest_in(alice, series, status))

    assert problem_of(api.get(url), 409)["code"] == "not_finished"


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_without_a_result_there_will_be_none(
    api: APIClient, alice: User, series: Series, status: str
) -> None:
    url = url_of(backtest_in(alice, series, status))

    assert problem_of(api.get(url), 409)["code"] == "no_result"


def test_without_its_tables_there_is_none_any_more(
    api: APIClient, done: Backtest
) -> None:
    BacktestResult.objects.filter(pk=done.pk).update(purged_at=timezone.now())

    assert problem_of(api.get(url_of(done)), 410)["code"] == "result_purged"


def test_there_is_no_other_form_of_it(api: APIClient, done: Backtest) -> None:
    response = api.get(url_of(done), HTTP_ACCEPT="application/json")

    assert problem_of(response, 406)
