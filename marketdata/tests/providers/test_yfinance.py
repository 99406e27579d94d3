"""Yahoo asked through yfinance, on its good days and its bad ones."""

from collections.abc import Iterator

import numpy as np
import pytest
from pytest_django import Settings

from botforge.errors import InvalidInput
from marketdata.providers.base import ProviderError, TemporaryError, Window
from marketdata.providers.paging import pages
from marketdata.providers.patience import Patience
from marketdata.providers.registry import adjusting_provider, load_provider
from marketdata.tests.candles import HOUR, NOW_MS, START, candles
from marketdata.tests.providers.servers import HTML, Reply, Server, serving, yahoo
from marketdata.timeframes import DAY_MS, Timeframe

DAYS = [START + n * DAY_MS for n in range(60)]


@pytest.fixture
def slept() -> list[float]:
    """The seconds that were waited, without waiting them."""
    return []


@pytest.fixture
def patience(slept: list[float]) -> Patience:
    return Patience(attempts=4, sleep=slept.append)


@pytest.fixture
def yahoo_server(settings: Settings) -> Iterator[Server]:
    # Days begin at the exchange's own midnight, which is 5:00 UTC.
    daily = candles(60, step=DAY_MS, start=START + 5 * HOUR)
    with serving(Server(daily, DAY_MS), yahoo) as server:
        settings.YAHOO_URL = server.url
        yield server


def window(
    symbol: str = "AAPL", timeframe: str = "1d", end: int = DAYS[-1] + DAY_MS
) -> Window:
    return Window(symbol, Timeframe.parse(timeframe), START, end)


def times(wanted: Window, patience: Patience) -> list[int]:
    found = pages(load_provider("yfinance"), wanted, patience, known=False)
    return [int(time) for page in found for time in page.raw.time]


def test_a_day_opens_at_midnight_of_its_date(
    yahoo_server: Server, patience: Patience
) -> None:
    assert times(window(), patience) == DAYS


def test_prices_are_those_before_dividends(
    yahoo_server: Server, patience: Patience
) -> None:
    provider = load_provider("yfinance")

    (page,) = pages(provider, window(), patience, known=False)

    assert np.array_equal(page.raw.close, yahoo_server.ohlcv.close)
    assert provider.adjustment == "split"


@pytest.mark.parametrize(
    ("kind", "exchange", "calendar"),
    [
        ("EQUITY", "NMS", "XNYS"),
        ("EQUITY", "LSE", "XLON"),
        ("EQUITY", "no such exchange", "exchange"),
        ("CRYPTOCURRENCY", "CCC", "24/7"),
        ("CURRENCY", "CCY", "fx"),
    ],
)
def test_it_learns_when_the_instrument_trades(
    yahoo_server: Server, patience: Patience, kind: str, exchange: str, calendar: str
) -> None:
    yahoo_server.instrument, yahoo_server.exchange = kind, exchange
    provider = load_provider("yfinance")

    list(pages(provider, window(), patience, known=False))

    assert provider.calendar("AAPL") == calendar


def test_splits_and_dividends_come_with_their_days(
    yahoo_server: Server, patience: Patience
) -> None:
    yahoo_server.dividends = {4: 0.25}
    yahoo_server.splits = {9: (3, 2)}

    (page,) = pages(load_provider("yfinance"), window(), patience, known=False)

    assert page.raw.dividend is not None
    assert page.raw.split is not None
    assert np.flatnonzero(page.raw.dividend).tolist() == [4]
    assert np.flatnonzero(page.raw.split).tolist() == [9]
    assert (page.raw.dividend[4], page.raw.split[9]) == (0.25, 1.5)


def test_prices_after_dividends_are_a_source_of_their_own(
    yahoo_server: Server, patience: Patience
) -> None:
    provider = load_provider("yfinance:adjusted")

    (page,) = pages(provider, window(), patience, known=False)

    assert (provider.source, provider.adjustment) == (
        "yfinance-adjusted",
        "split_dividend",
    )
    # The server's adjusted close is nine tenths of the close.
    np.testing.assert_allclose(page.raw.close, 0.9 * yahoo_server.ohlcv.close)
    np.testing.assert_allclose(page.raw.open, 0.9 * yahoo_server.ohlcv.open)
    np.testing.assert_array_equal(page.raw.volume, yahoo_server.ohlcv.volume // 1)


@pytest.mark.parametrize(
    ("name", "adjustment", "found"),
    [
        ("yfinance", None, "yfinance"),
        ("yfinance", "split", "yfinance"),
        ("yfinance", "split_dividend", "yfinance:adjusted"),
        ("yfinance:adjusted", "split", "yfinance"),
        ("ccxt:binance", "none", "ccxt:binance"),
    ],
)
def test_the_adjustment_chooses_the_provider(
    name: str, adjustment: str | None, found: str
) -> None:
    assert adjusting_provider(name, adjustment).name == found


@pytest.mark.parametrize(
    ("name", "adjustment"), [("yfinance", "none"), ("ccxt:binance", "split")]
)
def test_prices_that_a_provider_has_not_are_refused(name: str, adjustment: str) -> None:
    with pytest.raises(InvalidInput, match=f"adjusted as “{adjustment}”, only as"):
        adjusting_provider(name, adjustment)


def test_hours_are_moments_in_utc(yahoo_server: Server, patience: Patience) -> None:
    yahoo_server.ohlcv = candles(200)
    yahoo_server.step = HOUR

    found = times(window(timeframe="1h", end=START + 100 * HOUR), patience)

    assert found == [START + n * HOUR for n in range(100)]


@pytest.mark.parametrize(
    "faults",
    [
        # The library itself asks twice for each of our requests.
        [Reply(429, "Too Many Requests", {"Retry-After": "7"})] * 2,
        [Reply(500, "oops")] * 2,
        [Reply(503, HTML)] * 2,
        [Reply(200, HTML)],
        [Reply(200, "Will be right back")],
    ],
)
def test_it_gets_everything_in_spite_of(
    yahoo_server: Server, patience: Patience, slept: list[float], faults: list[Reply]
) -> None:
    yahoo_server.fail(*faults)

    assert times(window(), patience) == DAYS

    assert len(slept) == 1
    assert slept == [7.0] if faults[0].status == 429 else slept[0] < 1.0


@pytest.mark.parametrize(
    "reply",
    [Reply(429, "Too Many Requests"), Reply(500, "oops"), Reply(200, HTML)],
)
def test_it_gives_up_when_it_lasts(
    yahoo_server: Server, patience: Patience, slept: list[float], reply: Reply
) -> None:
    yahoo_server.always = reply

    with pytest.raises(TemporaryError, match="Yahoo"):
        times(window(), patience)

    assert len(slept) == patience.attempts - 1


def test_an_unknown_symbol_is_not_asked_for_again(
    yahoo_server: Server, patience: Patience, slept: list[float]
) -> None:
    with pytest.raises(ProviderError, match="no symbol NOPE") as raised:
        times(window("NOPE"), patience)

    assert (raised.value.code, slept) == ("unknown_symbol", [])


def test_a_window_without_trades_is_empty(
    yahoo_server: Server, patience: Patience
) -> None:
    yahoo_server.ohlcv = yahoo_server.ohlcv.slice(0, 0)

    with pytest.raises(ProviderError, match="no candles of AAPL") as raised:
        times(window(), patience)

    assert raised.value.code == "no_data"


@pytest.mark.parametrize(
    ("timeframe", "days"), [("1m", 8), ("5m", 60), ("30m", 60), ("1h", 730)]
)
def test_it_knows_how_far_back_yahoo_goes(timeframe: str, days: int) -> None:
    earliest = load_provider("yfinance").earliest_ms(Timeframe.parse(timeframe), NOW_MS)

    assert earliest == NOW_MS - days * DAY_MS
