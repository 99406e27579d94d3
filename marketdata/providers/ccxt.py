"""Candles of crypto exchanges, through ccxt."""

import difflib
import json
from dataclasses import replace
from typing import Any, NoReturn

import ccxt
import numpy as np
from django.conf import settings

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles
from marketdata.markets import ALWAYS
from marketdata.providers.base import (
    ProviderError,
    Somewhere,
    TemporaryError,
    Window,
)
from marketdata.providers.rows import moved, raw_candles, retry_after
from marketdata.timeframes import CODES, Timeframe

# 2009-01-03, when the first coin was made: no market can be older.
BEGINNING_MS = 1_230_940_800_000
MAX_PAGE = 1000
DEFAULT_PAGE = 300
LONGER = ("1w", "1d", "1h")
# Refused for where this server stands, or altogether: waiting changes nothing.
SHUT = (401, 403, 451)
GARBLED = (ValueError, TypeError, KeyError, IndexError, AttributeError)


class Exchange:
    """One exchange's candles. Its library keeps to the rate limit by itself."""

    adjustment = "none"
    pause_seconds = 0.0

    def __init__(self, exchange: str) -> None:
        self.name = f"ccxt:{exchange}"
        self.source = exchange
        self.adjustments = {self.adjustment: self.name}
        self._client: Any = getattr(ccxt, exchange)({"enableRateLimit": True})
        self._client.urls["api"] = _moved(self._client.urls["api"])
        own = self._client.timeframes or {}
        self.timeframes = tuple(code for code in CODES if code in own)

    def earliest_ms(self, timeframe: Timeframe, now_ms: int) -> int:
        return timeframe.ceil(BEGINNING_MS)

    def page_bars(self, symbol: str, timeframe: Timeframe) -> int:
        kind = "swap" if ":" in symbol else "spot"
        features = (self._client.features or {}).get(kind) or {}
        limit = (features.get("fetchOHLCV") or {}).get("limit") or DEFAULT_PAGE
        return max(2, min(MAX_PAGE, int(limit)))

    def calendar(self, symbol: str) -> str:
        return ALWAYS

    def fetch(self, window: Window) -> RawCandles:
        return self._rows(window, window.timeframe.code, window.start_ms)

    def next_bars(self, window: Window) -> Somewhere | None:
        found, rest = None, window
        for longer in map(Timeframe.parse, LONGER):
            if longer.code not in self.timeframes or longer <= window.timeframe:
                continue
            times = self._rows(rest, longer.code, rest.start_ms - longer.ms).time
            times = times[(times + longer.ms > rest.start_ms) & (times < rest.end_ms)]
            if len(times) == 0:
                break
            first = int(times.min())
            found = Somewhere(first, first + longer.ms)
            rest = replace(
                rest,
                start_ms=max(rest.start_ms, first),
                end_ms=min(rest.end_ms, first + longer.ms),
            )
        return found

    def _rows(self, window: Window, code: str, since_ms: int) -> RawCandles:
        page = self.page_bars(window.symbol, window.timeframe)
        client = self._client
        client.last_http_response = None
        try:
            symbol = self._known(window.symbol)
            rows = client.fetch_ohlcv(symbol, code, since_ms, page)
            table = np.array(rows, dtype=np.float64).reshape(-1, 6)
        except ccxt.BaseError as error:
            self._fail(error)
        except GARBLED as error:
            raise self._garbled() from error
        # The library takes a page of HTML for an answer without candles.
        if not rows and not _is_json(client.last_http_response):
            raise self._garbled()
        return raw_candles(table)

    def _known(self, symbol: str) -> str:
        """Return the symbol as the exchange spells it; ours is in capitals."""
        if self.source.startswith("binance"):
            # Otherwise it lists three exchanges, with thousands of markets each.
            kind = "spot" if ":" not in symbol else "linear"
            kind = "inverse" if ":" in symbol and "/USD:" in symbol else kind
            self._client.options["fetchMarkets"] = {"types": [kind]}
        self._client.options["fetchCurrencies"] = False
        markets = self._client.load_markets()
        if not markets and not _is_json(self._client.last_http_response):
            raise self._garbled()
        if symbol in markets:
            return symbol
        capitals = {name.upper(): name for name in markets}
        if symbol in capitals:
            return str(capitals[symbol])
        near = difflib.get_close_matches(symbol, capitals, n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise ProviderError(
            f"{self.source} has no market {symbol}.{hint}", code="unknown_symbol"
        )

    def _fail(self, error: ccxt.BaseError) -> NoReturn:
        if not isinstance(error, ccxt.NetworkError):
            if not _is_json(self._client.last_http_response):
                raise self._garbled() from error
            raise ProviderError(
                f"{self.source} refuses the request: {str(error)[:200]}"
            ) from error
        status = _status(error)
        if status in SHUT:
            raise ProviderError(
                f"{self.source} does not serve this server (HTTP {status}), most "
                "likely for where it stands."
            ) from error
        what = f"HTTP {status}" if status else type(error).__name__
        raise TemporaryError(
            f"{self.source} does not answer ({what}).",
            retry_after=retry_after(self._client.last_response_headers),
        ) from error

    def _garbled(self) -> TemporaryError:
        return TemporaryError(f"{self.source} answered with something else than JSON.")


def provider(exchange: str) -> Exchange:
    """Return an exchange by ccxt's name for it; ``InvalidInput`` names near ones."""
    if exchange in ccxt.exchanges:
        client = Exchange(exchange)
        if client.timeframes:
            return client
    near = difflib.get_close_matches(exchange, ccxt.exchanges, n=3)
    hint = ", ".join(f"ccxt:{name}" for name in near) or "e.g. ccxt:binance"
    raise InvalidInput.field(
        "source",
        "unknown_source",
        f"There is no exchange with candles called “{exchange}”; there is {hint}.",
    )


def _moved(urls: Any) -> Any:
    if isinstance(urls, dict):
        return {key: _moved(url) for key, url in urls.items()}
    return moved(urls, settings.CCXT_URL) if isinstance(urls, str) else urls


def _is_json(text: str | None) -> bool:
    """Say whether an answer is JSON; one that never came is not what is wrong."""
    if text is None:
        return True
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _status(error: BaseException | None) -> int | None:
    """Return the HTTP status beneath an error of the library."""
    while error is not None:
        response = getattr(error, "response", None)
        if response is not None:
            return int(response.status_code)
        error = error.__cause__ or error.__context__
    return None
