"""An exchange on loopback whose candles go into series."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from pytest_django import Settings

from marketdata.ohlcv import Ohlcv
from marketdata.providers.patience import Patience
from marketdata.services.fetching import (
    Fetch,
    Fetched,
    FetchRequest,
    candles_fetch,
    fetch_resolve,
)
from marketdata.tests.candles import HOUR, NOW, START, candles
from marketdata.tests.providers.servers import Server, binance, serving

BARS = 2500
WHOLE = candles(BARS)


def moment(bar: int) -> datetime:
    """Return the open of a bar, counted from the first."""
    return datetime.fromtimestamp((START + bar * HOUR) / 1000, UTC)


@contextmanager
def exchange_of(settings: Settings, ohlcv: Ohlcv = WHOLE) -> Iterator[Server]:
    with serving(Server(ohlcv, HOUR), binance) as server:
        settings.CCXT_URL = server.url
        yield server


def resolved(start: int = 0, end: int | None = BARS, now: datetime = NOW) -> Fetch:
    request = FetchRequest(
        "ccxt:binance",
        "btc/usdt",
        "1h",
        moment(start),
        None if end is None else moment(end),
    )
    return fetch_resolve(request=request, now=now)


def fetched(fetch: Fetch | None = None, **options: Any) -> Fetched:
    """Fetch without waiting between attempts."""
    patience = Patience(attempts=3, sleep=lambda seconds: None)
    return candles_fetch(fetch=fetch or resolved(), patience=patience, **options)
