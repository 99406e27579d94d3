"""How far a result can be believed, as a part of its backtest."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from backtests.models import Backtest, BacktestResult
from backtests.tests.factories import backtest_in, completed, walk_series
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


def crossed(owner: User, series: Series, fast: int) -> Backtest:
    parameters = {"fast": fast, "slow": 10}
    return completed(owner, series, library="ma_cross", parameters=parameters)


def test_it_says_how_many_checks_to_read(
    api: APIClient, alice: User, series: Series
) -> None:
    done = crossed(alice, series, 3)

    shown = api.get(f"{URL}{done.pk}/").json()["checks"]

    assert shown == api.get(f"{URL}{done.pk}/checks/").json()["summary"]
    assert set(shown) == {"warnings", "criticals"}


def test_it_says_how_many_variants_were_tried_then_and_now(
    api: APIClient, alice: User, series: Series
) -> None:
    first = crossed(alice, series, 3)
    crossed(alice, series, 4)

    trials = api.get(f"{URL}{first.pk}/").json()["trials"]

    assert (trials["count"], trials["now"]["count"]) == (1, 2)
    assert trials["psr"] == trials["deflated_sharpe"] == trials["now"]["psr"]
    assert trials["now"]["expected_max_sharpe"] > 0 == trials["expected_max_sharpe"]


def test_a_list_says_what_was_known_when_it_ended(
    api: APIClient, alice: User, series: Series
) -> None:
    done = crossed(alice, series, 3)

    (row,) = api.get(URL).json()["results"]

    shown = api.get(f"{URL}{done.pk}/").json()
    shown["trials"].pop("now")
    assert row == shown


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_without_a_result_there_is_nothing_to_believe(
    api: APIClient, alice: User, series: Series, status: str
) -> None:
    backtest = backtest_in(alice, series, status)

    shown = api.get(f"{URL}{backtest.pk}/").json()

    assert shown["checks"] is shown["trials"] is None


def test_a_result_from_before_the_checks_has_none(
    api: APIClient, alice: User, series: Series
) -> None:
    done = crossed(alice, series, 3)
    BacktestResult.objects.update(checks=[], trials={})

    shown = api.get(f"{URL}{done.pk}/").json()

    assert shown["checks"] is shown["trials"] is None
    assert api.get(f"{URL}{done.pk}/checks/").json()["results"] == []
