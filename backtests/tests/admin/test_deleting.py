"""Deleting backtests, and the users who own them: results go along unread."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, BacktestResult
from backtests.services.verification import verification_run
from backtests.tests.admin.pages import (
    BACKTESTS,
    assert_no_table_read,
    clerk,
    of_own_code,
    operator_client,
)
from backtests.tests.factories import backtest_in, completed, walk_series
from backtests.tests.queues import empty_queue
from marketdata.models import Series

USERS = "/admin/accounts/user/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    return operator_client()


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture(autouse=True)
def _queue() -> Iterator[None]:
    with empty_queue():
        yield


def test_one_that_is_over_goes_with_its_result(
    operator: Client,
    alice: User,
    series: Series,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    done = completed(alice, series)
    verification_run(backtest=done)
    url = f"{BACKTESTS}{done.pk}/delete/"

    with django_assert_max_num_queries(25) as captured:
        assert b"Are you sure" in operator.get(url).content
        assert operator.post(url, {"post": "yes"}).status_code == 302

    assert not Backtest.objects.exists()
    assert not BacktestResult.objects.exists()
    assert_no_table_read(captured)


def test_many_that_are_over_can_be_deleted(
    operator: Client, alice: User, series: Series
) -> None:
    over = [completed(alice, series).pk, backtest_in(alice, series, "failed").pk]
    chosen = {"action": "delete_selected", "_selected_action": over}

    operator.post(BACKTESTS, {**chosen, "post": "yes"})

    assert not Backtest.objects.exists()


def test_one_that_is_not_over_stays(
    operator: Client, alice: User, series: Series
) -> None:
    running = backtest_in(alice, series, "running")
    chosen = {"action": "delete_selected", "_selected_action": [running.pk]}

    assert operator.get(f"{BACKTESTS}{running.pk}/delete/").status_code == 403
    operator.post(BACKTESTS, {**chosen, "post": "yes"})

    assert Backtest.objects.filter(pk=running.pk).exists()


def test_who_may_only_look_deletes_nothing(alice: User, series: Series) -> None:
    done = completed(alice, series)

    page = clerk("view_backtest").post(f"{BACKTESTS}{done.pk}/delete/", {"post": "yes"})

    assert page.status_code == 403
    assert Backtest.objects.exists()


def test_a_user_goes_with_all_backtests_and_none_is_loaded(
    operator: Client, alice: User, series: Series
) -> None:
    verification_run(backtest=completed(alice, series))
    backtest_in(alice, series, "running")
    of_own_code(backtest_in(alice, series, "failed"), alice)
    url = f"{USERS}{alice.pk}/delete/"

    with CaptureQueriesContext(connection) as captured:
        asked = operator.get(url).content.decode()
        operator.post(url, {"post": "yes"})

    assert "<li>Backtests: 3</li>" in asked
    assert "<li>Backtest results: 1</li>" in asked
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not BacktestResult.objects.exists()
    assert_no_table_read(captured)


def test_many_users_can_be_deleted_at_once(
    operator: Client, alice: User, series: Series
) -> None:
    completed(alice, series)
    bob = user_create(email="bob@example.org")
    chosen = {"action": "delete_selected", "_selected_action": [alice.pk, bob.pk]}

    with CaptureQueriesContext(connection) as captured:
        asked = operator.post(USERS, chosen).content.decode()
        operator.post(USERS, {**chosen, "post": "yes"})

    assert "<li>Users: 2</li>" in asked
    assert User.objects.count() == 1
    assert_no_table_read(captured)


def test_who_may_not_delete_backtests_deletes_no_user_who_has_some(
    alice: User, series: Series
) -> None:
    backtest_in(alice, series, "failed")
    client = clerk("delete_user")
    url = f"{USERS}{alice.pk}/delete/"

    page = client.get(url).content.decode()

    assert "permission to delete the following types of objects" in page
    assert "<li>backtest</li>" in page
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=alice.pk).exists()
