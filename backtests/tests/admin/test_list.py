"""The list of backtests."""

from collections.abc import Iterator

import pytest
from django.test import Client
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
from backtests.tests.factories import backtest_in, completed, day, walk_series
from backtests.tests.queues import empty_queue
from marketdata.models import Series

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


def ids(client: Client, **query: str) -> list[int]:
    page = client.get(BACKTESTS, query)
    return [backtest.pk for backtest in page.context["cl"].result_list]


@pytest.mark.parametrize("count", [1, 10])
def test_it_takes_the_same_queries_for_any_number_and_reads_no_table(
    operator: Client,
    series: Series,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        owner = user_create(email=f"user{number}@example.org")
        verification_run(backtest=completed(owner, series))
        of_own_code(backtest_in(owner, series, "failed"), owner)
    operator.get(BACKTESTS)  # content types are read once and kept

    # the operator, a count, the rows, three for the filters, two for the dates
    with django_assert_num_queries(8) as captured:
        page = operator.get(BACKTESTS)

    assert page.status_code == 200
    assert b"user0@example.org" in page.content
    assert b"v1" in page.content
    assert_no_table_read(captured)


def test_it_shows_what_came_out(operator: Client, alice: User, series: Series) -> None:
    done = completed(alice, series)
    verification_run(backtest=done)
    metrics = {
        **done.result.metrics,
        "total_return": -0.1234,
        "sharpe": 1.5,
        "max_drawdown": -0.25,
        "trades": 1234,
    }
    checks = [
        {"severity": severity, "sentence": ""}
        for severity in ("ok", "warning", "critical", "warning")
    ]
    BacktestResult.objects.update(metrics=metrics, checks=checks)

    page = operator.get(BACKTESTS).content.decode()

    assert '<span class="bf-badge bf-good">completed</span>' in page
    assert '<span class="bf-number bf-loss">−12.3%</span>' in page
    for shown in ("1.50", "−25.0%", "1,234"):
        assert f'<span class="bf-number bf-plain">{shown}</span>' in page
    assert '<span class="bf-badge bf-bad" title="critical">1</span>' in page
    assert '<span class="bf-badge bf-warning" title="warning">2</span>' in page
    assert '<span class="bf-badge bf-good">identical</span>' in page
    assert f"{done.duration_ms} ms" in page
    assert f'<a href="{BACKTESTS}{done.pk}/report/">report</a>' in page


def test_a_purged_result_has_no_link_to_a_report(
    operator: Client, alice: User, series: Series
) -> None:
    completed(alice, series)
    BacktestResult.objects.update(purged_at=day(9))

    assert b"/report/" not in operator.get(BACKTESTS).content


def test_a_running_one_shows_its_stage(
    operator: Client, alice: User, series: Series
) -> None:
    backtest_in(alice, series, "running")

    page = operator.get(BACKTESTS).content

    assert b'<span class="bf-badge bf-active">loading</span>' in page


def test_names_are_text_and_not_markup(
    operator: Client, alice: User, series: Series
) -> None:
    of_own_code(backtest_in(alice, series, "failed"), alice)
    strategy = Backtest.objects.get().strategy_version.strategy  # type: ignore[union-attr] # just set
    strategy.name = "<script>alert(1)</script>"
    strategy.save()

    page = operator.get(BACKTESTS).content

    assert b"<script>alert(1)" not in page
    assert b"&lt;script&gt;alert(1)" in page


def test_they_are_found_by_id_owner_name_and_symbol(
    operator: Client, alice: User, series: Series
) -> None:
    other = walk_series(symbol="OTHER/USDT")
    wanted = backtest_in(alice, series, "queued", name="Trend")
    bob = user_create(email="bob@example.org")
    backtest_in(bob, other, "failed", name="Noise")

    for text in (str(wanted.pk), "alice", "tren", "walk/"):
        assert ids(operator, q=text) == [wanted.pk]


@pytest.mark.parametrize("text", ["9" * 30, "x", "'\"%", "\0"])
def test_any_text_can_be_searched_for(operator: Client, text: str) -> None:
    assert operator.get(BACKTESTS, {"q": text}).status_code == 200


def test_they_are_filtered(operator: Client, alice: User, series: Series) -> None:
    backtest_in(alice, series, "queued", name="waits")
    broke = backtest_in(alice, series, "failed", name="broke", library="ma_cross")
    query = {"status__exact": "failed", "library__exact": "ma_cross"}

    assert ids(operator, **query, series__timeframe__exact="1h") == [broke.pk]
    assert ids(operator, error_code="internal") == [broke.pk]


def test_they_are_filtered_by_what_the_checks_found(
    operator: Client, alice: User, series: Series
) -> None:
    fine, bad = completed(alice, series), completed(alice, series)
    for backtest, severity in ((fine, "ok"), (bad, "critical")):
        checks = [{"code": "x", "severity": severity, "sentence": "not critical"}]
        BacktestResult.objects.filter(pk=backtest.pk).update(checks=checks)

    assert ids(operator, checks="critical") == [bad.pk]
    assert ids(operator, checks="warning") == []


def test_they_are_filtered_by_the_outcome_of_the_verification(
    operator: Client, alice: User, series: Series
) -> None:
    completed(alice, series)
    verified = completed(alice, series)
    verification_run(backtest=verified)

    assert ids(operator, verification__outcome__exact="identical") == [verified.pk]


@pytest.mark.parametrize(("order", "expected"), [("5", [0, 1, 2]), ("-5", [1, 0, 2])])
def test_they_are_sorted_by_metrics_and_those_without_come_last(
    operator: Client, alice: User, series: Series, order: str, expected: list[int]
) -> None:
    made = [completed(alice, series), completed(alice, series)]
    for backtest, sharpe in zip(made, (9.5, 10.25), strict=True):
        metrics = {**backtest.result.metrics, "sharpe": sharpe}
        BacktestResult.objects.filter(pk=backtest.pk).update(metrics=metrics)
    made.append(backtest_in(alice, series, "failed"))

    assert ids(operator, o=order) == [made[place].pk for place in expected]


def test_none_can_be_added(operator: Client) -> None:
    assert operator.get(f"{BACKTESTS}add/").status_code == 403


def test_others_see_nothing(alice: User) -> None:
    client = Client()
    client.force_login(alice)

    assert client.get(BACKTESTS).status_code == 302
    assert clerk().get(BACKTESTS).status_code == 403
