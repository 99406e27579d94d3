from collections.abc import Iterator

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, BacktestResult
from backtests.tests.factories import backtest_in, completed, walk_series
from backtests.tests.queues import empty_queue
from marketdata.models import Series
from strategies.tests.factories import strategy_of

BACKTESTS = "/admin/backtests/backtest/"
RESULTS = "/admin/backtests/backtestresult/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(user_create(email="operator@example.org", staff=True))
    return client


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


def assert_no_table_read(captured: CaptureQueriesContext) -> None:
    for query in captured.captured_queries:
        for table in BacktestResult.TABLES:
            assert f'"backtests_backtestresult"."{table}"' not in query["sql"]


def of_own_code(backtest: Backtest, owner: User) -> None:
    version = strategy_of(owner).versions.get()
    Backtest.objects.filter(pk=backtest.pk).update(library="", strategy_version=version)


@pytest.mark.parametrize("count", [1, 10])
def test_the_list_takes_the_same_queries_for_any_number_and_reads_no_table(
    operator: Client,
    series: Series,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        owner = user_create(email=f"user{number}@example.org")
        completed(owner, series)
        of_own_code(backtest_in(owner, series, "failed"), owner)
    operator.get(BACKTESTS)  # content types are read once and kept

    # the operator, two counts, the rows, two for the filters, two for the dates
    with django_assert_num_queries(8) as captured:
        page = operator.get(BACKTESTS)

    assert page.status_code == 200
    assert b"user0@example.org" in page.content
    assert b"version 1 of" in page.content
    assert_no_table_read(captured)


def test_the_list_shows_what_came_out(
    operator: Client, alice: User, series: Series
) -> None:
    done = completed(alice, series)

    page = operator.get(BACKTESTS).content.decode()

    assert f"{done.result.metrics['total_return']:+.1%}" in page
    assert f"{done.result.metrics['sharpe']:.2f}" in page
    assert f"{done.duration_ms} ms" in page


def test_they_are_found_by_id_owner_name_and_symbol(
    operator: Client, alice: User, series: Series
) -> None:
    other = walk_series(symbol="OTHER/USDT")
    wanted = backtest_in(alice, series, "queued", name="Trend")
    bob = user_create(email="bob@example.org")
    backtest_in(bob, other, "failed", name="Noise")

    for text in (str(wanted.pk), "alice", "tren", "walk/"):
        page = operator.get(BACKTESTS, {"q": text}).content
        assert b"alice@example.org" in page
        assert b"bob@example.org" not in page


@pytest.mark.parametrize("text", ["9" * 30, "x", "'\"%", "\0"])
def test_any_text_can_be_searched_for(operator: Client, text: str) -> None:
    assert operator.get(BACKTESTS, {"q": text}).status_code == 200
    assert operator.get(RESULTS, {"q": text}).status_code == 200


def test_they_are_filtered(operator: Client, alice: User, series: Series) -> None:
    backtest_in(alice, series, "queued", name="waits")
    backtest_in(alice, series, "failed", name="broke", library="ma_cross")
    query = {"status__exact": "failed", "library__exact": "ma_cross"}

    page = operator.get(BACKTESTS, {**query, "series__timeframe__exact": "1h"})

    assert page.context["cl"].result_count == 1


@pytest.mark.parametrize("status", Backtest.Status.values)
def test_the_page_of_one_can_be_seen_and_not_changed(
    operator: Client,
    alice: User,
    series: Series,
    status: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    url = f"{BACKTESTS}{backtest_in(alice, series, status).pk}/change/"
    operator.get(url)

    # the operator, the backtest, its owner, its series, the instrument
    with django_assert_num_queries(5) as captured:
        page = operator.get(url)

    assert page.status_code == 200
    assert b'name="status"' not in page.content
    assert operator.post(url, {"status": "completed"}).status_code == 403
    assert_no_table_read(captured)


def test_none_can_be_added(operator: Client) -> None:
    assert operator.get(f"{BACKTESTS}add/").status_code == 403
    assert operator.get(f"{RESULTS}add/").status_code == 403


def test_those_that_are_not_over_can_be_cancelled(
    operator: Client, alice: User, series: Series
) -> None:
    made = {
        status: backtest_in(alice, series, status).pk
        for status in Backtest.Status.values
    }

    page = operator.post(
        BACKTESTS,
        {"action": "cancel", "_selected_action": list(made.values())},
        follow=True,
    )

    assert b"2 cancelled." in page.content
    assert set(
        Backtest.objects.filter(status="cancelled").values_list("pk", flat=True)
    ) == {made["queued"], made["running"], made["cancelled"]}


def test_one_that_is_over_can_be_deleted_with_its_result(
    operator: Client,
    alice: User,
    series: Series,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    url = f"{BACKTESTS}{completed(alice, series).pk}/delete/"

    with django_assert_max_num_queries(20) as captured:
        assert b"Are you sure" in operator.get(url).content
        assert operator.post(url, {"post": "yes"}).status_code == 302

    assert not Backtest.objects.exists()
    assert not BacktestResult.objects.exists()
    assert_no_table_read(captured)


def test_a_user_can_be_deleted_with_backtests_that_are_over(
    operator: Client, alice: User, series: Series
) -> None:
    completed(alice, series)
    of_own_code(backtest_in(alice, series, "failed"), alice)

    operator.post(f"/admin/accounts/user/{alice.pk}/delete/", {"post": "yes"})

    assert not User.objects.filter(pk=alice.pk).exists()
    assert not BacktestResult.objects.exists()


def test_a_result_cannot_be_deleted_alone(
    operator: Client, alice: User, series: Series
) -> None:
    done = completed(alice, series)
    chosen = {"action": "delete_selected", "_selected_action": [done.pk]}

    assert operator.post(f"{RESULTS}{done.pk}/delete/").status_code == 403
    operator.post(RESULTS, {**chosen, "post": "yes"})

    assert BacktestResult.objects.exists()


def test_many_that_are_over_can_be_deleted(
    operator: Client, alice: User, series: Series
) -> None:
    over = [completed(alice, series).pk, backtest_in(alice, series, "failed").pk]
    chosen = {"action": "delete_selected", "_selected_action": over}

    operator.post(BACKTESTS, {**chosen, "post": "yes"})

    assert not Backtest.objects.exists()


def test_one_that_is_not_over_cannot_be_deleted(
    operator: Client, alice: User, series: Series
) -> None:
    running = backtest_in(alice, series, "running")
    chosen = {"action": "delete_selected", "_selected_action": [running.pk]}

    assert operator.get(f"{BACKTESTS}{running.pk}/delete/").status_code == 403
    operator.post(BACKTESTS, {**chosen, "post": "yes"})

    assert Backtest.objects.filter(pk=running.pk).exists()


@pytest.mark.parametrize("count", [1, 10])
def test_the_list_of_results_takes_the_same_queries_and_reads_no_table(
    operator: Client,
    alice: User,
    series: Series,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        completed(alice, series)

    # the operator, two counts, the rows, the choices of the library filter
    with django_assert_num_queries(5) as captured:
        page = operator.get(RESULTS)

    assert page.status_code == 200
    assert_no_table_read(captured)


def test_the_page_of_a_result_reads_no_table(
    operator: Client,
    alice: User,
    series: Series,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    done = completed(alice, series, library="ma_cross")
    url = f"{RESULTS}{done.pk}/change/"
    operator.get(url)

    # the operator, the result, its backtest
    with django_assert_num_queries(3) as captured:
        page = operator.get(url)

    assert page.status_code == 200
    assert b"total_return" in page.content
    assert_no_table_read(captured)


def test_others_see_nothing(alice: User) -> None:
    client = Client()
    client.force_login(alice)

    for url in (BACKTESTS, RESULTS):
        assert client.get(url).status_code == 302
