"""An exchange asked through ccxt, on its good days and its bad ones."""

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from botforge.errors import InvalidInput
from marketdata.providers.base import ProviderError, TemporaryError, Window
from marketdata.providers.paging import pages
from marketdata.providers.patience import Patience
from marketdata.providers.registry import load_provider
from marketdata.tests.candles import HOUR, START, candles
from marketdata.tests.providers.servers import (
    HTML,
    Reply,
    Server,
    binance,
    serving,
)
from marketdata.timeframes import Timeframe

END = START + 2500 * HOUR


@pytest.fixture
def slept() -> list[float]:
    """The seconds that were waited, without waiting them."""
    return []


@pytest.fixture
def patience(slept: list[float]) -> Patience:
    return Patience(attempts=4, sleep=slept.append)


@pytest.fixture
def exchange(settings: Settings) -> Iterator[Server]:
    with serving(Server(candles(2500), HOUR), binance) as server:
        settings.CCXT_URL = server.url
        yield server


def window(symbol: str = "BTC/USDT", start: int = START, end: int = END) -> Window:
    return Window(symbol, Timeframe.parse("1h"), start, end)


def times(wanted: Window, patience: Patience, *, known: bool = False) -> list[int]:
    """Return the opens of all bars that come, in the order in which they come."""
    provider = load_provider("ccxt:binance")
    found = pages(provider, wanted, patience, known=known)
    return [int(time) for page in found for time in page.raw.time]


WHOLE = list(range(START, END, HOUR))


def test_pages_join_at_a_bar_that_both_have(
    exchange: Server, patience: Patience
) -> None:
    assert times(window(), patience) == WHOLE

    assert exchange.starts == [START, WHOLE[999], WHOLE[1998]]


def test_prices_arrive_to_the_bit(exchange: Server, patience: Patience) -> None:
    provider = load_provider("ccxt:binance")

    (page,) = pages(provider, window(end=START + 9 * HOUR), patience, known=False)

    for name in ("open", "high", "low", "close", "volume"):
        assert np.array_equal(
            getattr(page.raw, name), getattr(exchange.ohlcv, name)[:9]
        )


@pytest.mark.parametrize(
    ("faults", "waited"),
    [
        ([Reply(429, "{}", {"Retry-After": "7"})], 7.0),
        ([Reply(418, "{}", {"Retry-After": "9"})], 9.0),
        ([None, Reply(500, "oops")], None),
        ([Reply(502, HTML), Reply(503, "")], None),
        ([Reply(200, HTML)], None),
        ([None, Reply(200, HTML)], None),
        ([Reply(200, '[[1672617600000, "1", ')], None),
        ([None, Reply(200, "[]")], None),
        ([Reply(200, "[]")], 0.0),
    ],
)
def test_it_gets_everything_in_spite_of(
    exchange: Server,
    patience: Patience,
    slept: list[float],
    faults: list[Reply | None],
    waited: float | None,
) -> None:
    exchange.fail(*faults)

    assert times(window(), patience) == WHOLE

    assert sum(slept) == waited if waited is not None else sum(slept) > 0


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (Reply(500, "oops"), TemporaryError, "HTTP 500"),
        (Reply(200, HTML), TemporaryError, "something else than JSON"),
        (Reply(429, "{}"), TemporaryError, "HTTP 429"),
    ],
)
def test_it_gives_up_when_it_lasts(
    exchange: Server,
    patience: Patience,
    reply: Reply,
    error: type[ProviderError],
    words: str,
) -> None:
    exchange.always = reply

    with pytest.raises(error, match=words):
        times(window(), patience)

    assert len(exchange.asked) == patience.attempts


@pytest.mark.parametrize("status", [451, 403])
def test_a_refusal_for_the_place_is_not_tried_again(
    exchange: Server, patience: Patience, slept: list[float], status: int
) -> None:
    exchange.always = Reply(status, '{"code": 0, "msg": "restricted location"}')

    with pytest.raises(ProviderError, match=f"HTTP {status}") as raised:
        times(window(), patience)

    assert not isinstance(raised.value, TemporaryError)
    assert (slept, len(exchange.asked)) == ([], 1)


def test_empty_answers_where_there_must_be_bars_are_no_answers(
    exchange: Server, patience: Patience
) -> None:
    exchange.fail(None)
    exchange.always = Reply(200, "[]")

    with pytest.raises(TemporaryError, match="answered with nothing") as raised:
        times(window(), patience)

    assert raised.value.code == "incomplete"


def test_a_page_without_the_bar_before_is_asked_for_again(
    exchange: Server, patience: Patience
) -> None:
    row = f'[[{WHOLE[1500]}, "1", "1", "1", "1", "1", 0, "0", 1, "0"]]'
    exchange.fail(None, Reply(200, row))

    assert times(window(), patience) == WHOLE


def test_a_listing_later_than_the_start_is_found(
    exchange: Server, patience: Patience
) -> None:
    early = START - 5000 * HOUR

    assert times(window(start=early), patience) == WHOLE


def test_an_outage_longer_than_a_page_is_jumped(
    exchange: Server, patience: Patience
) -> None:
    whole = exchange.ohlcv
    gone = (whole.time < WHOLE[100]) | (whole.time >= WHOLE[2200])
    exchange.ohlcv = type(whole)(*(column[gone] for column in whole))

    assert times(window(), patience) == WHOLE[:100] + WHOLE[2200:]


def test_a_market_that_ended_ends(exchange: Server, patience: Patience) -> None:
    exchange.ohlcv = exchange.ohlcv.slice(0, 300)

    assert times(window(), patience) == WHOLE[:300]


def test_a_window_before_the_listing_says_so(
    exchange: Server, patience: Patience
) -> None:
    before = window(start=START - 99 * HOUR, end=START - HOUR)

    with pytest.raises(ProviderError, match="no candles of BTC/USDT") as raised:
        times(before, patience)

    assert raised.value.code == "no_data"


def test_an_unknown_market_is_named_with_near_ones(
    exchange: Server, patience: Patience
) -> None:
    with pytest.raises(ProviderError, match="Did you mean BTC/USDT") as raised:
        times(window("BTC/USDTT"), patience)

    assert raised.value.code == "unknown_symbol"
    assert exchange.asked == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ccxt:binnance", "ccxt:binance"),
        ("ccxt:", "no exchange"),
        ("ccxt:__class__", "no exchange"),
        ("ccxt:Exchange", "no exchange"),
        ("yfinance:x", "takes no exchange"),
        ("os", "Give “yfinance”"),
        ("x" * 100, "Give “yfinance”"),
        ("", "Give “yfinance”"),
    ],
)
def test_an_unknown_source_names_the_choices(name: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as raised:
        load_provider(name)

    assert raised.value.errors[0].pointer == "/source"


def test_the_web_server_starts_without_the_libraries() -> None:
    code = (
        "import sys, botforge.wsgi\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "sys.exit(' '.join({'ccxt', 'yfinance', 'curl_cffi'} & set(sys.modules)) or 0)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
