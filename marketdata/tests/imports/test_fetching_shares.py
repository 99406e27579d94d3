"""Shares from Yahoo: their calendar, their splits and dividends, their hours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from botforge.errors import Conflict
from marketdata.models import CorporateAction, Instrument, Series
from marketdata.ohlcv import Ohlcv
from marketdata.providers.patience import Patience
from marketdata.services.fetching import (
    Fetched,
    FetchRequest,
    candles_fetch,
    fetch_resolve,
    fetch_resume,
)
from marketdata.storage import read_candles
from marketdata.tests.candles import HOUR, START, candles, candles_at, series_create
from marketdata.tests.providers.servers import Server, serving, yahoo
from marketdata.timeframes import DAY_MS

pytestmark = pytest.mark.django_db
# Weekdays from 2023-01-02 on; New York's own midnight is 5:00 UTC.
DAYS = np.array([n for n in range(84) if n % 7 < 5])
WHOLE = candles_at(START + DAY_MS * DAYS + 5 * HOUR)
FIRST = datetime(2023, 1, 2, tzinfo=UTC)


def served(ohlcv: Ohlcv, *, prices: float = 1.0) -> Ohlcv:
    """Return candles with whole volumes, as Yahoo has them, and prices so much off."""
    four = (ohlcv.open, ohlcv.high, ohlcv.low, ohlcv.close)
    opened, high, low, close = (column * prices for column in four)
    return Ohlcv(ohlcv.time, opened, high, low, close, np.floor(ohlcv.volume))


@pytest.fixture
def server(settings: Settings) -> Iterator[Server]:
    with serving(Server(served(WHOLE), DAY_MS), yahoo) as running:
        settings.YAHOO_URL = running.url
        yield running


def fetch(
    days: int = 84,
    *,
    source: str = "yfinance",
    timeframe: str = "1d",
    start: datetime = FIRST,
    resume: bool = False,
) -> Fetched:
    """Fetch so many days from the first one on, at the moment when they are over."""
    now = FIRST + timedelta(days=days)
    request = FetchRequest(source, "AAPL", timeframe, start)
    resolved, known = fetch_resolve(request=request, now=now), False
    if resume:
        resolved, known = fetch_resume(fetch=resolved)
    patience = Patience(attempts=2, sleep=lambda seconds: None)
    return candles_fetch(
        fetch=resolved, known=known, patience=patience, now=lambda: now
    )


def closes() -> list[float]:
    series = Series.objects.get()
    found: list[float] = read_candles(series, None, None).close.tolist()
    return found


def actions() -> list[tuple[str, float]]:
    return [(a.kind, a.value) for a in CorporateAction.objects.order_by("time")]


def test_a_share_has_the_calendar_of_its_exchange(server: Server) -> None:
    fetch()

    series = Series.objects.get()
    assert (series.instrument.calendar, series.instrument.days_per_year) == (
        *("XNYS", 252),
    )
    # Every weekday was served, two holidays (16 January, 20 February) included.
    assert (series.bars, series.gaps, series.grade) == (60, 0, "A")


def test_an_exchange_that_was_not_known_becomes_known(server: Server) -> None:
    Instrument.objects.create(source="yfinance", symbol="AAPL", calendar="exchange")
    series_create(candles(0), source="yfinance", symbol="AAPL", timeframe="1w")

    fetch()

    assert Instrument.objects.get().calendar == "XNYS"


def test_splits_and_dividends_are_stored_once(server: Server) -> None:
    server.dividends, server.splits = {4: 0.25, 30: 0.5}, {9: (3, 2)}

    first, second = fetch(), fetch()

    assert actions() == [("dividend", 0.25), ("split", 1.5), ("dividend", 0.5)]
    assert (first.actions.new, first.actions.splits, first.actions.dividends) == (
        *(3, 1, 2),
    )
    assert (second.actions.new, second.actions.changed, second.actions.removed) == (
        *(0, 0, 0),
    )
    assert (second.run.new, second.run.changed) == (0, 0)


def test_after_a_split_the_whole_series_comes_anew(server: Server) -> None:
    fetch(40)
    before = closes()
    # Since then four shares are one old one, back to the first day.
    server.ohlcv = served(WHOLE, prices=0.25)
    server.splits = {32: (4, 1)}

    done = fetch(84, resume=True)

    assert done.whole
    assert closes() == (0.25 * WHOLE.close).tolist()
    assert closes()[:3] == [0.25 * close for close in before[:3]]
    assert actions() == [("split", 4.0)]
    assert (done.run.new, done.run.changed) == (30, 30)
    assert Series.objects.get().grade == "A"
    assert not fetch(84, resume=True).whole


def test_a_revised_day_is_no_split(server: Server) -> None:
    fetch(40)
    close = WHOLE.close.copy()
    close[29] = WHOLE.low[29] * 1.001
    server.ohlcv = served(
        Ohlcv(WHOLE.time, WHOLE.open, WHOLE.high, WHOLE.low, close, WHOLE.volume)
    )

    done = fetch(84, resume=True)

    assert not done.whole
    assert (done.run.new, done.run.changed) == (30, 1)


def test_a_split_whose_past_is_gone_changes_nothing(server: Server) -> None:
    # Of half hours Yahoo keeps sixty days.
    slots = np.concatenate([START + DAY_MS * d + HOUR * 15 for d in DAYS[:, None]])
    server.ohlcv, server.step = served(candles_at(slots)), HOUR // 2
    fetch(40, timeframe="30m")
    before = closes()
    server.ohlcv = served(candles_at(slots), prices=0.25)

    with pytest.raises(Conflict, match="0.25 times those stored") as raised:
        fetch(84, timeframe="30m", start=FIRST + timedelta(days=30), resume=True)

    assert raised.value.code == "other_scale"
    assert closes() == before


def test_a_dividend_changes_what_is_adjusted_for_it(server: Server) -> None:
    fetch(40, source="yfinance:adjusted")
    server.ohlcv = served(WHOLE, prices=0.995)

    done = fetch(84, source="yfinance:adjusted", resume=True)

    assert done.whole
    assert Series.objects.get().adjustment == "split_dividend"
    np.testing.assert_allclose(closes(), 0.9 * 0.995 * WHOLE.close)


def test_both_adjustments_may_stand_side_by_side(server: Server) -> None:
    fetch()
    fetch(source="yfinance:adjusted")

    found = Series.objects.order_by("pk").values_list(
        "instrument__source", "adjustment"
    )
    assert list(found) == [
        ("yfinance", "split"),
        ("yfinance-adjusted", "split_dividend"),
    ]


def hours(server: Server) -> None:
    """Serve hours from 9:30 to 15:30 in New York, which are 14:30 to 20:30 UTC."""
    day = START + DAY_MS * DAYS[:, None] + HOUR // 2
    server.ohlcv = served(candles_at((day + HOUR * np.arange(14, 21)).ravel()))
    server.step = HOUR


def test_hours_open_when_the_exchange_does(server: Server) -> None:
    hours(server)

    fetch(40, timeframe="1h")
    # Up to the day before summer time.
    done = fetch(69, timeframe="1h", resume=True)

    series = Series.objects.get()
    assert (series.anchor_ms, series.bars, series.gaps) == (HOUR // 2, 350, 0)
    assert str(series.first) == "2023-01-02 14:30:00+00:00"
    assert (done.run.new, done.run.unchanged, done.run.rejected) == (140, 2, {})


def command(*more: str) -> str:
    out = StringIO()
    names = ("--symbol", "AAPL", "--timeframe", "1d", "--start", "2023-01-02")
    end = ("--end", "2023-03-27")
    arguments: Any = ("--source", "yfinance", *names, *end, *more)
    call_command("fetch_candles", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_tells_of_calendar_adjustment_and_actions(server: Server) -> None:
    server.dividends = {4: 0.25}

    said = command()

    assert "60 new" in said
    assert "calendar XNYS, prices adjusted for splits" in said
    assert "splits: 0, dividends: 1; 1 new, 0 changed, 0 removed" in said


def test_the_command_takes_another_adjustment_and_calendar(server: Server) -> None:
    said = command("--adjustment", "split_dividend", "--calendar", "24/7")

    assert "AAPL yfinance-adjusted 1d from yfinance:adjusted" in said
    assert Instrument.objects.get().calendar == "24/7"
    assert Series.objects.get().gaps == 11


def test_the_command_refuses_prices_that_yahoo_has_not(server: Server) -> None:
    with pytest.raises(CommandError, match="only as “split” or “split_dividend”"):
        command("--adjustment", "none")
