"""Fetched candles in their series."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import numpy as np
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from pytest_django import Settings

from botforge.errors import Conflict, InvalidInput, NotAvailable
from marketdata.models import ImportRun, Series
from marketdata.ohlcv import Ohlcv
from marketdata.providers.base import ProviderError, TemporaryError
from marketdata.services.fetching import (
    FetchRequest,
    Progress,
    fetch_resolve,
    fetch_resume,
)
from marketdata.storage import read_candles, write_candles
from marketdata.tests.candles import HOUR, NOW, START, candles, same, series_create
from marketdata.tests.imports.fetches import (
    WHOLE,
    exchange_of,
    fetched,
    moment,
    resolved,
)
from marketdata.tests.providers.servers import HTML, Reply, Server
from marketdata.tests.test_concurrency import database_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def exchange(settings: Settings) -> Iterator[Server]:
    with exchange_of(settings) as server:
        yield server


def stored() -> Ohlcv:
    return read_candles(Series.objects.get(), None, None)


def test_a_window_is_stored_whole(exchange: Server) -> None:
    done = fetched()

    series = Series.objects.get()
    assert same(stored(), WHOLE)
    assert str(series) == "BTC/USDT binance 1h"
    assert (series.owner_id, series.adjustment) == (None, "none")
    assert series.instrument.calendar == "24/7"
    run = done.run
    assert (run.rows, run.new, run.changed, run.unchanged) == (2500, 2500, 0, 0)
    assert (run.origin, run.revision) == ("ccxt:binance", series.revision)
    assert (done.first, done.last, done.missing_bars) == (moment(0), moment(2499), 0)


def test_fetched_twice_it_changes_nothing(exchange: Server) -> None:
    fetched()
    before = Series.objects.get().content_hash

    run = fetched().run

    assert (run.new, run.changed, run.unchanged) == (0, 0, 2500)
    assert Series.objects.get().content_hash == before


def test_a_revision_of_a_stored_bar_is_seen(exchange: Server) -> None:
    fetched()
    close = WHOLE.close.copy()
    close[2498] = WHOLE.low[2498]
    exchange.ohlcv = Ohlcv(
        WHOLE.time, WHOLE.open, WHOLE.high, WHOLE.low, close, WHOLE.volume
    )

    fetch, known = fetch_resume(fetch=resolved())
    run = fetched(fetch, known=known).run

    assert (run.rows, run.new, run.changed, run.unchanged) == (2, 0, 1, 1)
    assert stored().close[2498] == close[2498]


def test_the_bar_that_is_still_open_is_dropped_by_the_clock(exchange: Server) -> None:
    now = moment(100) + timedelta(minutes=30)

    done = fetched(resolved(end=None, now=now), now=lambda: now)

    assert done.last == moment(99)
    assert done.run.rejected == {}


def test_a_bar_that_is_open_when_it_arrives_is_refused(exchange: Server) -> None:
    # The clock of the request was ahead of that of the page.
    done = fetched(resolved(end=100), now=lambda: moment(99) + timedelta(minutes=59))

    assert done.last == moment(98)
    assert sum(done.run.rejected.values()) == 1


def test_resume_goes_on_two_bars_before_the_end(exchange: Server) -> None:
    fetched(resolved(end=700))
    exchange.asked.clear()

    fetch, known = fetch_resume(fetch=resolved())
    run = fetched(fetch, known=known).run

    assert exchange.starts[0] == START + 698 * HOUR
    assert (run.new, run.unchanged) == (1800, 2)
    assert same(stored(), WHOLE)


def test_resume_of_nothing_begins_at_the_start(exchange: Server) -> None:
    assert fetch_resume(fetch=resolved())[1] is False
    series_create()

    fetch, known = fetch_resume(fetch=resolved())

    assert (fetch.window, known) == (resolved().window, False)


def test_resume_ignores_what_is_stored_beyond_the_window(exchange: Server) -> None:
    series_create(WHOLE)

    fetch, known = fetch_resume(fetch=resolved(end=50))

    assert (fetch.window.start_ms, known) == (START + 48 * HOUR, True)


def test_an_empty_answer_after_stored_bars_is_an_error(exchange: Server) -> None:
    fetched(resolved(end=700))
    exchange.always = Reply(200, "[]")

    fetch, known = fetch_resume(fetch=resolved())
    with pytest.raises(TemporaryError) as raised:
        fetched(fetch, known=known)

    assert raised.value.code == "incomplete"
    assert len(stored()) == 700


def test_a_provider_that_fails_leaves_whole_pages(exchange: Server) -> None:
    exchange.fail(None, None)
    exchange.always = Reply(200, HTML)

    with pytest.raises(TemporaryError):
        fetched()

    assert len(stored()) == 1999
    assert ImportRun.objects.get().new == 1999


def test_what_a_page_hook_raises_undoes_its_page(exchange: Server) -> None:
    def stop(progress: Progress) -> None:
        if progress.until > moment(1000):
            raise Conflict("taken over")

    with pytest.raises(Conflict):
        fetched(on_page=stop)

    assert len(stored()) == 1000
    assert ImportRun.objects.get().new == 1000


def test_gaps_of_the_window_are_counted_across_pages(exchange: Server) -> None:
    kept = np.ones(2500, dtype=np.bool_)
    kept[[10, 11, 1000, 1001, 1999]] = False
    exchange.ohlcv = Ohlcv(*(column[kept] for column in WHOLE))

    assert fetched().missing_bars == 5


def test_prices_adjusted_otherwise_are_not_mixed_in(exchange: Server) -> None:
    series = series_create(candles(5))
    Series.objects.filter(pk=series.pk).update(adjustment="split_dividend")

    with pytest.raises(Conflict, match="one series cannot hold both"):
        fetched()

    assert exchange.asked == []


def test_a_private_series_of_the_same_name_is_left_alone(
    exchange: Server, django_user_model: type
) -> None:
    alice = django_user_model.objects.create_user("a@example.org", "x")  # type: ignore[attr-defined] # the manager of the custom user
    private = series_create(candles(5, seed=9))
    Series.objects.filter(pk=private.pk).update(owner=alice)

    fetched()

    assert len(read_candles(private, None, None)) == 5
    assert Series.objects.get(owner=None).bars == 2500


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("source", "timeframe", "start", "earliest"),
    [
        ("yfinance", "1m", NOW - 9 * DAY, NOW - 8 * DAY),
        ("yfinance", "15m", NOW - 61 * DAY, NOW - 60 * DAY),
        ("yfinance", "1h", NOW - 731 * DAY, NOW - 730 * DAY),
        ("ccxt:binance", "1d", datetime(2008, 1, 1, tzinfo=UTC), None),
        ("yfinance", "1d", datetime(1979, 12, 31, tzinfo=UTC), None),
    ],
)
def test_an_impossible_range_names_the_earliest_date(
    source: str, timeframe: str, start: datetime, earliest: datetime | None
) -> None:
    request = FetchRequest(source, "AAPL", timeframe, start)

    with pytest.raises(NotAvailable) as raised:
        fetch_resolve(request=request, now=NOW)

    assert raised.value.code == "range_not_available"
    first = earliest or (
        datetime(2009, 1, 3, tzinfo=UTC)
        if source.startswith("ccxt")
        else datetime(1980, 1, 1, tzinfo=UTC)
    )
    assert f"{first:%Y-%m-%dT%H:%M:%SZ}" in raised.value.detail


def test_a_window_in_the_future_is_refused() -> None:
    with pytest.raises(NotAvailable, match="that is over") as raised:
        resolved(0, 10, now=moment(0))

    assert raised.value.code == "range_not_available"


@pytest.mark.parametrize("timeframe", ["7m", "3m", "12h", ""])
def test_a_timeframe_that_yahoo_has_not_is_refused_here(timeframe: str) -> None:
    request = FetchRequest("yfinance", "AAPL", timeframe, NOW - DAY)

    with pytest.raises(InvalidInput) as raised:
        fetch_resolve(request=request, now=NOW)

    assert raised.value.errors[0].pointer == "/timeframe"


ARGUMENTS = ["--source", "ccxt:binance", "--symbol", "BTC/USDT", "--timeframe", "1h"]


def command(*more: str) -> str:
    out = StringIO()
    call_command("fetch_candles", *ARGUMENTS, *more, stdout=out)
    return out.getvalue()


def test_the_command_says_what_came(exchange: Server) -> None:
    said = command("--start", "2023-01-02", "--end", "2023-01-04T00:00:00+00:00")

    assert said == (
        "BTC/USDT binance 1h from ccxt:binance: 48 new, 0 changed, 0 unchanged, "
        "rejected: none; 2023-01-02 00:00 to 2023-01-03 23:00\n"
    )
    again = command("--start", "2023-01-02", "--end", "2023-01-05", "--resume")
    assert "24 new, 0 changed, 2 unchanged" in again


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--start", "yesterday"], "--start takes a date"),
        (["--start", "2023-02-30"], "--start takes a date"),
        (["--start", "2001-01-01"], "from 2009-01-03T00:00:00Z on"),
        (["--start", "2023-01-03", "--end", "2023-01-02"], "end must be after"),
    ],
)
def test_the_command_refuses_in_one_sentence(more: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        command(*more)


def test_the_command_says_why_a_provider_failed(exchange: Server) -> None:
    exchange.always = Reply(451, '{"code": 0, "msg": "restricted"}')

    with pytest.raises(CommandError, match="HTTP 451"):
        command("--start", "2023-01-02", "--end", "2023-01-04")


def test_nothing_on_the_grid_is_explained(exchange: Server) -> None:
    exchange.ohlcv = candles(40, start=START + HOUR // 2)

    with pytest.raises(ProviderError, match="take a shorter timeframe"):
        fetched(resolved(end=40))


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_a_fetch_that_is_killed_leaves_whole_pages_and_is_resumed(
    exchange: Server,
) -> None:
    # The third page is held back, and the process killed while it waits for it.
    exchange.fail(None, None, None)
    exchange.hold = threading.Event()
    more = ["--start", "2023-01-02", "--end", moment(2500).isoformat()]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "fetch_candles", *ARGUMENTS, *more],
        cwd=django_settings.BASE_DIR,
        env=os.environ
        | {"DATABASE_URL": database_url(), "CCXT_URL": exchange.url, "DEBUG": "True"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while len(exchange.asked) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        exchange.hold.set()

    assert len(exchange.asked) == 3
    assert len(stored()) == 1999
    exchange.hold = None
    said = command(*more, "--resume")
    assert "501 new, 0 changed, 2 unchanged" in said
    assert same(stored(), WHOLE)
    series = Series.objects.get()
    write_candles(series, WHOLE)
    series.refresh_from_db()
    assert series.bars == 2500
