"""Series that are kept up to date."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.tests.factories import user_create
from botforge.errors import NotAvailable
from marketdata.models import Series, SeriesRefresh
from marketdata.providers.patience import Patience
from marketdata.services import refreshing
from marketdata.services.fetching import fetch_resolve
from marketdata.services.refreshing import (
    Refreshed,
    series_mark,
    series_refresh_all,
    series_unmark,
)
from marketdata.tests.candles import candles, series_create
from marketdata.tests.imports.fetches import WHOLE, exchange_of
from marketdata.tests.providers.servers import Reply, Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def exchange(settings: Settings) -> Iterator[Server]:
    with exchange_of(settings) as server:
        yield server


@pytest.fixture
def series() -> Series:
    series = series_create(WHOLE.slice(0, 2000))
    series_mark(series=series, provider="ccxt:binance")
    return series


def refresh() -> list[Refreshed]:
    return series_refresh_all(Patience(attempts=2, sleep=lambda seconds: None))


def test_a_marked_series_gets_what_it_lacks(exchange: Server, series: Series) -> None:
    (done,) = refresh()

    assert (done.new, done.changed, done.error) == (500, 0, "")
    series.refresh_from_db()
    assert series.bars == 2500
    mark = SeriesRefresh.objects.get()
    assert mark.refreshed_at is not None
    assert (mark.locked_until, mark.error) == (None, "")


def test_refreshed_twice_nothing_is_new(exchange: Server, series: Series) -> None:
    refresh()

    (done,) = refresh()

    assert (done.new, done.changed, done.error) == (0, 0, "")


def test_a_series_that_is_not_marked_is_left_alone(
    exchange: Server, series: Series
) -> None:
    series_unmark(series=series)

    assert refresh() == []
    assert exchange.asked == []


def test_one_that_fails_does_not_stop_the_others(
    exchange: Server, series: Series
) -> None:
    other = series_create(candles(5), symbol="NOPE/USDT")
    series_mark(series=other, provider="ccxt:binance")

    done = {one.series.pk: one for one in refresh()}

    assert done[series.pk].error == ""
    assert "no market NOPE/USDT" in done[other.pk].error
    mark = SeriesRefresh.objects.get(series=other)
    assert (mark.error, mark.refreshed_at) == (done[other.pk].error, None)
    assert mark.locked_until is None


def test_what_another_process_refreshes_is_left_to_it(
    exchange: Server, series: Series
) -> None:
    SeriesRefresh.objects.update(locked_until=timezone.now() + timedelta(minutes=1))

    assert refresh() == []
    assert exchange.asked == []


def test_the_lock_of_a_killed_refresh_ends(exchange: Server, series: Series) -> None:
    SeriesRefresh.objects.update(locked_until=timezone.now() - timedelta(seconds=1))

    assert refresh()[0].new == 500


def test_two_at_once_ask_once(
    exchange: Server, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: list[list[Refreshed]] = []

    def resolve_while_another_begins(**options: object) -> object:
        others.append(refresh())
        return fetch_resolve(**options)  # type: ignore[arg-type] # passed on as they are

    monkeypatch.setattr(refreshing, "fetch_resolve", resolve_while_another_begins)

    assert refresh()[0].new == 500
    assert others == [[]]


def test_one_that_lost_its_lock_stores_nothing_more(
    exchange: Server, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "LOCK", timedelta(minutes=1))

    def resolve_and_lose(**options: object) -> object:
        SeriesRefresh.objects.update(locked_until=timezone.now() + timedelta(hours=1))
        return fetch_resolve(**options)  # type: ignore[arg-type] # passed on as they are

    monkeypatch.setattr(refreshing, "fetch_resolve", resolve_and_lose)

    assert refresh() == []
    series.refresh_from_db()
    assert series.bars == 2000


def test_a_private_series_cannot_be_marked() -> None:
    private = series_create(candles(5))
    private.owner = user_create()
    private.save()

    with pytest.raises(NotAvailable, match="public series of binance"):
        series_mark(series=private, provider="ccxt:binance")


def test_a_series_of_another_source_cannot_be_marked() -> None:
    with pytest.raises(NotAvailable, match="public series of kraken"):
        series_mark(series=series_create(candles(5)), provider="ccxt:kraken")


def test_the_command_says_what_it_did(exchange: Server, series: Series) -> None:
    out = StringIO()

    call_command("refresh_candles", stdout=out)

    said = "BTC/USDT binance 1h: 500 new, 0 changed\n1 refreshed.\n"
    assert out.getvalue() == said


def test_the_command_fails_when_one_could_not_be(
    exchange: Server, series: Series
) -> None:
    exchange.always = Reply(451, "{}")

    with pytest.raises(CommandError, match="1 of 1 could not be refreshed"):
        call_command("refresh_candles", stdout=StringIO())
