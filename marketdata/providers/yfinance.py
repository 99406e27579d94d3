"""Candles of equities, funds, currencies and coins from Yahoo, through yfinance."""

import warnings
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import yfinance
from curl_cffi import requests
from django.conf import settings
from yfinance.data import YfData
from yfinance.exceptions import YFPricesMissingError, YFRateLimitError, YFTzMissingError

from botforge.errors import InvalidInput
from marketdata.adjusting import with_dividends
from marketdata.cleaning import MIN_TIME_MS, RawCandles
from marketdata.markets import EXCHANGE, of_yahoo_answer
from marketdata.providers.base import (
    ProviderError,
    Somewhere,
    TemporaryError,
    Window,
)
from marketdata.providers.rows import moved, raw_candles, retry_after
from marketdata.timeframes import DAY_MS, Timeframe

INTERVALS = {
    "1m": "1m",
    "5m": "5m",
    "15m": "15m",
    "30m": "30m",
    "1h": "1h",
    "1d": "1d",
    "1w": "1wk",
}
# How many days back Yahoo keeps bars, and how many it gives at once.
KEPT_DAYS = {"1m": 8, "5m": 60, "15m": 60, "30m": 60, "1h": 730}
PAGE_DAYS = {"1m": 7, "5m": 59, "15m": 59, "30m": 59, "1h": 729, "1d": 7300}
COLUMNS = ["Open", "High", "Low", "Close", "Volume"]
MORE = {"adjusted": "Adj Close", "dividend": "Dividends", "split": "Stock Splits"}
# Yahoo's words for a window in which the instrument was not traded.
NO_TRADES = ("data doesn't exist for startdate", "no data found for this date range")


class Session(requests.Session[Any]):
    """The library's own session, which also remembers the last answer about prices."""

    def __init__(self) -> None:
        super().__init__(impersonate="chrome")
        self.status: int | None = None
        self.answer_headers: Mapping[str, Any] = {}

    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        response = super().request(
            method, moved(url, settings.YAHOO_URL), *args, **kwargs
        )
        if "/finance/chart/" in url:
            self.status, self.answer_headers = response.status_code, response.headers
        return response


# How each provider here adjusts its prices.
ADJUSTMENTS = {"split": "yfinance", "split_dividend": "yfinance:adjusted"}


class Yahoo:
    """Prices as Yahoo shows them: adjusted for splits, not for dividends.

    Prices that are adjusted for dividends as well change with each new dividend back
    to the first bar; they are a source of their own.
    """

    adjustments = ADJUSTMENTS
    timeframes = tuple(INTERVALS)
    pause_seconds = 0.5

    def __init__(self, adjustment: str = "split") -> None:
        self.adjustment = adjustment
        self.name = ADJUSTMENTS[adjustment]
        # A colon would end the source where a series is named.
        self.source = self.name.replace(":", "-")
        # Its own calls, deprecated by the next pandas: not the user's business.
        warnings.filterwarnings("ignore", module="yfinance")
        # Without this every failure is an empty frame.
        yfinance.config.debug.hide_exceptions = False
        yfinance.set_tz_cache_location(str(settings.VAR_DIR / "yfinance"))
        self._session = Session()
        self._calendar = EXCHANGE

    def earliest_ms(self, timeframe: Timeframe, now_ms: int) -> int:
        if (days := KEPT_DAYS.get(timeframe.code)) is None:
            return MIN_TIME_MS
        return timeframe.ceil(now_ms - days * DAY_MS)

    def page_bars(self, symbol: str, timeframe: Timeframe) -> int:
        return PAGE_DAYS.get(timeframe.code, 7300) * DAY_MS // timeframe.ms

    def calendar(self, symbol: str) -> str:
        return self._calendar

    def fetch(self, window: Window) -> RawCandles:
        # Answers about the past are kept, the wrong ones too.
        YfData.cache_get.cache_clear()
        self._session.status = None
        daily = window.timeframe.ms >= DAY_MS
        try:
            ticker = yfinance.Ticker(window.symbol, session=self._session)
            frame = ticker.history(
                start=_side(window.start_ms, daily),
                end=_side(window.end_ms, daily),
                interval=INTERVALS[window.timeframe.code],
                auto_adjust=False,
            )
            if len(frame) == 0:
                return RawCandles.empty()
            said = ticker.get_history_metadata()
            calendar = of_yahoo_answer(
                said["instrumentType"], said.get("exchangeName", "")
            )
            # A day is the exchange's own date, which begins at its own midnight.
            index = frame.index.tz_localize(None) if daily else frame.index
            time = index.as_unit("ms").asi8.astype(np.float64)
            rows = np.column_stack([time, frame[COLUMNS].to_numpy(np.float64)])
            more = {
                name: frame[column].to_numpy(np.float64)
                for name, column in MORE.items()
                if column in frame
            }
        except Exception as error:
            if self._is_empty(error):
                return RawCandles.empty()
            raise self._failure(window.symbol, error) from error
        self._calendar = calendar
        raw = replace(raw_candles(rows), **more)
        return raw if self.adjustment == "split" else with_dividends(raw)

    def next_bars(self, window: Window) -> Somewhere | None:
        day = Timeframe.parse("1d")
        if window.timeframe >= day:
            return None
        start_ms = day.floor(window.start_ms)
        days = self.fetch(Window(window.symbol, day, start_ms, window.end_ms)).time
        if len(days) == 0:
            return None
        # An exchange's day is up to half a day before ours or after it.
        first = int(days.min())
        return Somewhere(first - day.ms // 2, first + day.ms * 3 // 2)

    def _is_empty(self, error: Exception) -> bool:
        """Say whether the instrument was just not traded in the window."""
        if not isinstance(error, YFPricesMissingError):
            return False
        return self._session.status == 200 or _reason(error).lower().startswith(
            NO_TRADES
        )

    def _failure(self, symbol: str, error: Exception) -> ProviderError:
        """Tell "no such symbol" from "not now" and from "never"."""
        status = self._session.status
        if status == 404 or (status == 200 and isinstance(error, YFTzMissingError)):
            return ProviderError(
                f"Yahoo has no symbol {symbol}.", code="unknown_symbol"
            )
        if isinstance(error, YFRateLimitError) or status == 429:
            return TemporaryError(
                "Yahoo says that we ask too often.",
                retry_after=retry_after(self._session.answer_headers),
            )
        if status is None:
            return TemporaryError("Yahoo cannot be reached.")
        if status >= 500:
            return TemporaryError(f"Yahoo does not answer (HTTP {status}).")
        if status >= 400:
            why = _reason(error) or f"HTTP {status}"
            return ProviderError(f"Yahoo refuses the request: {why}")
        return TemporaryError("Yahoo answered with something else than JSON.")


def _reason(error: Exception) -> str:
    return str(getattr(error, "yahoo_reason", None) or "")


def provider(exchange: str) -> Yahoo:
    if exchange not in ("", "adjusted"):
        raise InvalidInput.field(
            "source",
            "unknown_source",
            "yfinance takes no exchange: give “yfinance”, or “yfinance:adjusted” for "
            "prices adjusted for dividends as well.",
        )
    return Yahoo("split_dividend" if exchange else "split")


def _side(time_ms: int, daily: bool) -> Any:
    """Return a side of the window: a date of the exchange, or seconds in UTC."""
    if daily:
        return datetime.fromtimestamp(time_ms / 1000, UTC).date()
    return time_ms // 1000
