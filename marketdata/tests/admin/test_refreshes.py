"""Keeping series up to date, in the admin."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rq import Queue

from accounts.models import User
from accounts.tests.factories import user_create
from marketdata.models import ImportJob, ImportRun, Series, SeriesRefresh
from marketdata.services.refreshing import series_mark
from marketdata.storage import read_candles
from marketdata.tests.admin.pages import ADMIN, act, operator_client, told
from marketdata.tests.candles import same, series_create
from marketdata.tests.imports.fetches import WHOLE, exchange_of, moment
from marketdata.tests.imports.queues import empty_queue, work_off
from marketdata.tests.providers.servers import Server

URL = f"{ADMIN}seriesrefresh/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    return operator_client()


@pytest.fixture
def queue(settings: Settings) -> Iterator[Queue]:
    settings.RQ = {**settings.RQ, "COMMIT_MODE": "auto"}
    with empty_queue() as queue:
        yield queue


@pytest.fixture
def exchange(settings: Settings) -> Iterator[Server]:
    with exchange_of(settings) as server:
        yield server


@pytest.fixture
def series() -> Series:
    return series_create(WHOLE.slice(0, 2000))


def add(operator: Client, series: Series, provider: str) -> str:
    response = operator.post(f"{URL}add/", {"series": series.pk, "provider": provider})
    return "" if response.status_code == 302 else response.content.decode()


def test_a_marked_series_is_refreshed_by_a_job(
    operator: Client,
    series: Series,
    exchange: Server,
    queue: Queue,
    django_capture_on_commit_callbacks: Any,
) -> None:
    series_mark(series=series, provider="ccxt:binance")

    with django_capture_on_commit_callbacks(execute=True):
        act(operator, "refresh", series)
    work_off(queue)

    job = ImportJob.objects.get()
    assert (job.status, job.owner) == ("completed", User.objects.get())
    # The last two bars again, and what came after them.
    assert exchange.starts[0] == int(moment(1998).timestamp() * 1000)
    assert job.run is not None
    assert (job.run.new, job.run.changed, job.run.unchanged) == (500, 0, 2)
    assert same(read_candles(series, None, None), WHOLE)
    assert LogEntry.objects.get().change_message == "Refresh queued."


def test_a_series_that_was_fetched_once_needs_no_mark(
    operator: Client, series: Series, queue: Queue
) -> None:
    ImportRun.objects.create(
        series=series,
        origin="ccxt:binance",
        format="provider",
        **dict.fromkeys(("rows", "new", "changed", "unchanged", "revision"), 0),
    )

    act(operator, "refresh", series)

    assert ImportJob.objects.get().source == "ccxt:binance"
    assert told(operator, series) == ["1 queued: see “Import jobs”."]


def test_a_series_of_a_file_says_how_to_mark_it(
    operator: Client, series: Series, queue: Queue
) -> None:
    act(operator, "refresh", series)

    assert not ImportJob.objects.exists()
    (message,) = told(operator, series)
    assert message.startswith("BTC/USDT binance 1h was never fetched: mark it")


def test_a_series_is_not_fetched_twice_at_once(
    operator: Client, series: Series, queue: Queue
) -> None:
    mark = series_mark(series=series, provider="ccxt:binance")

    act(operator, "refresh", mark)
    act(operator, "refresh", mark)

    assert ImportJob.objects.count() == 1
    assert told(operator, mark) == [
        "1 queued: see “Import jobs”.",
        "BTC/USDT binance 1h is being fetched already.",
    ]


def test_a_mark_is_added_for_a_provider_of_the_series(
    operator: Client, series: Series
) -> None:
    assert add(operator, series, "ccxt:binance") == ""

    mark = SeriesRefresh.objects.get()
    assert (mark.series, mark.provider) == (series, "ccxt:binance")
    assert LogEntry.objects.get().object_id == str(mark.pk)


@pytest.mark.parametrize(
    ("provider", "sentence"),
    [
        ("nasdaq", "Give “yfinance”"),
        ("ccxt:nowhere", "nowhere"),
        ("ccxt:kraken", "brings public series of kraken up to date"),
    ],
)
def test_another_provider_is_refused_in_a_sentence(
    operator: Client, series: Series, provider: str, sentence: str
) -> None:
    assert sentence in add(operator, series, provider)
    assert not SeriesRefresh.objects.exists()


def test_a_private_series_is_not_marked(operator: Client, series: Series) -> None:
    Series.objects.update(owner=user_create())

    assert "public series of binance" in add(operator, series, "ccxt:binance")


def test_a_mark_is_taken_away(operator: Client, series: Series) -> None:
    mark = series_mark(series=series, provider="ccxt:binance")

    operator.post(f"{URL}{mark.pk}/delete/", {"post": "yes"})

    assert not SeriesRefresh.objects.exists()
    assert Series.objects.exists()


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "not refreshed yet"),
        ({"refreshed_at": timezone.now()}, "refreshed"),
        ({"refreshed_at": timezone.now(), "error": "HTTP 451"}, "failed"),
        ({"locked_until": timezone.now() + timedelta(hours=1)}, "refreshing"),
    ],
)
def test_the_list_shows_the_state(
    operator: Client, series: Series, changes: dict[str, Any], state: str
) -> None:
    series_mark(series=series, provider="ccxt:binance")
    SeriesRefresh.objects.update(**changes)

    page = operator.get(URL).content.decode()

    assert f'<td class="field-state">{state}</td>' in page
    assert changes.get("error", "") in page


def test_the_list_of_series_shows_what_keeps_them_up_to_date(
    operator: Client, series: Series
) -> None:
    series_create(symbol="B")
    series_mark(series=series, provider="ccxt:binance")
    SeriesRefresh.objects.update(error="HTTP 451")

    page = operator.get(f"{ADMIN}series/").content.decode()

    assert '<td class="field-kept_up">ccxt:binance (failed)</td>' in page
    assert '<td class="field-kept_up">–</td>' in page
