"""The operators' overview."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from redis.exceptions import ConnectionError as RedisConnectionError

from accounts.models import User
from accounts.tests.factories import user_create
from backtests import operations
from backtests.admin import overview as module
from backtests.models import Backtest, BacktestResult
from backtests.services.queueing import enqueue
from backtests.tests.admin.pages import assert_no_table_read, clerk, operator_client
from backtests.tests.factories import backtest_in, completed, walk_series
from backtests.tests.queues import empty_queue
from botforge.queues import QueueState
from marketdata.models import ImportJob, Series

URL = "/admin/backtests/overview/"

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


def ended(backtest: Backtest, at: datetime, *, ms: int = 100) -> None:
    Backtest.objects.filter(pk=backtest.pk).update(
        started_at=at - timedelta(milliseconds=ms), finished_at=at
    )


@pytest.mark.parametrize("count", [0, 3])
def test_it_takes_the_same_queries_for_any_number_and_reads_no_table(
    operator: Client,
    series: Series,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    now = timezone.now()
    for number in range(count):
        owner = user_create(email=f"user{number}@example.org")
        for status in Backtest.Status.values:
            ended(backtest_in(owner, series, status), now)

    # the operator, three kinds that wait, what runs (2), the hours, the durations,
    # the failures and the latest of each, the slowest, the storage (2)
    with django_assert_num_queries(13 if count else 12) as captured:
        page = operator.get(URL)

    assert page.status_code == 200
    assert_no_table_read(captured)


def test_it_says_what_runs_waits_failed_and_was_slow(
    operator: Client, alice: User, series: Series
) -> None:
    now = timezone.now()
    backtest_in(alice, series, "running", library="ma_cross")
    backtest_in(alice, series, "queued")
    for detail in ("The first.", "The latest."):
        ended(backtest_in(alice, series, "failed"), now)
        Backtest.objects.filter(error_detail="Something went wrong.").update(
            error_code="timeout", error_detail=detail
        )
    ended(completed(alice, series), now, ms=1234)
    ImportJob.objects.create(
        owner=alice,
        kind="upload",
        source="mine",
        symbol="ETH/USDT",
        timeframe="1m",
        filename="eth.csv",
        status="running",
        bars_done=5,
        bars_total=10,
        started_at=now,
    )

    page = operator.get(URL).content.decode()

    assert "<dt>Running</dt><dd>1</dd>" in page
    assert "<dt>Waiting</dt><dd>1</dd>" in page
    assert "<dt>Completed, 24 h</dt><dd>1</dd>" in page
    assert '<dt>Failed, 24 h</dt><dd class="bf-loss">2</dd>' in page
    assert "<dt>Mean run, 24 h</dt><dd>1,234 ms</dd>" in page
    assert "The latest." in page
    assert "The first." not in page
    assert '<progress max="4" value="0">' in page
    assert '<progress max="10" value="5">' in page
    assert "eth.csv ETH/USDT 1m" in page


def test_the_jobs_of_each_queue_are_counted(
    operator: Client, alice: User, series: Series
) -> None:
    enqueue(backtest_in(alice, series, "queued"))

    page = operator.get(URL)

    (backtests, _) = page.context["queues"]
    assert (backtests.name, backtests.workers) == ("backtests", 0)
    assert b"No worker is alive." in page.content


def test_workers_are_counted(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = QueueState("backtests", 3, 2, timezone.now(), workers=2, busy=1)
    monkeypatch.setattr(module, "queue_states", lambda: [queue])

    page = operator.get(URL).content.decode()

    assert "<dt>Workers alive</dt><dd>2</dd>" in page
    assert "2, 1 busy" in page
    assert "No worker is alive" not in page


def test_a_redis_that_is_down_is_said_in_words(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> list[QueueState]:
        raise RedisConnectionError("secret-host:6379")

    monkeypatch.setattr(module, "queue_states", down)

    page = operator.get(URL)

    assert page.status_code == 200
    assert b"Redis does not answer." in page.content
    assert b"secret-host" not in page.content


def test_hours_hold_what_ended_in_them(alice: User, series: Series) -> None:
    now = timezone.now().replace(minute=30)
    for status, ago in (
        ("completed", 0),
        ("failed", 0),
        ("failed", 1),
        ("cancelled", 23),
        ("completed", 24),
    ):
        ended(backtest_in(alice, series, status), now - timedelta(hours=ago))

    hours = operations.hours(now)

    counts = [(hour.completed, hour.failed, hour.cancelled) for hour in hours]
    assert counts == [(0, 0, 1), *[(0, 0, 0)] * 21, (0, 1, 0), (1, 1, 0)]
    assert hours[-1].start == now.replace(minute=0, second=0, microsecond=0)


def test_results_that_were_known_count_apart(alice: User, series: Series) -> None:
    now = timezone.now()
    first, copy = completed(alice, series), completed(alice, series)
    ended(first, now, ms=300)
    ended(copy, now, ms=1)
    Backtest.objects.filter(pk=copy.pk).update(cached_from=first)

    found = operations.durations(now)

    assert found == {
        "mean": timedelta(milliseconds=300),
        "longest": timedelta(milliseconds=300),
        "cached": 1,
    }
    assert [b.pk for b in operations.slowest(now)] == [first.pk]


def test_storage_is_counted_by_owner(alice: User, series: Series) -> None:
    bob = user_create(email="bob@example.org")
    for owner, bytes_each in ((alice, 100), (bob, 1000), (bob, 500)):
        done = completed(owner, series)
        tables = {"equity": b"x" * bytes_each, "trades": b"", "fills": b"yy"}
        BacktestResult.objects.filter(pk=done.pk).update(**tables, plots=b"")

    results, candles = operations.storage()

    assert (results.rows, results.bytes) == (3, 1606)
    assert [(s.owner, s.rows, s.bytes) for s in results.top] == [
        ("bob@example.org", 2, 1504),
        ("alice@example.org", 1, 102),
    ]
    assert (candles.top[0].owner, candles.rows) == ("", candles.top[0].rows)
    assert candles.bytes > 0


def test_the_index_and_the_list_lead_to_it(operator: Client) -> None:
    for page in ("/admin/", "/admin/backtests/backtest/"):
        assert f'href="{URL}"' in operator.get(page).content.decode()


def test_only_operators_who_may_see_backtests_see_it(alice: User) -> None:
    client = Client()
    client.force_login(alice)

    assert client.get(URL).status_code == 302
    assert Client().get(URL).status_code == 302
    reader = clerk()
    assert reader.get(URL).status_code == 403
    assert URL not in reader.get("/admin/").content.decode()
