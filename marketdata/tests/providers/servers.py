"""An exchange and Yahoo on loopback, in their own wire formats, and their bad days."""

import json
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from marketdata.ohlcv import Ohlcv
from marketdata.resampling import resample
from marketdata.timeframes import Timeframe

HTML = "<!DOCTYPE html><html><body>Checking your browser</body></html>"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer instead of the right one."""

    status: int = 200
    body: str = "[]"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Server:
    """What a server has, how it fails next, and what it was asked for.

    ``faults`` are used up one by one by requests for candles; None is a right answer.
    """

    ohlcv: Ohlcv
    step: int
    faults: deque[Reply | None] = field(default_factory=deque)
    always: Reply | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    hold: threading.Event | None = None
    instrument: str = "EQUITY"
    exchange: str = "NMS"
    # By the number of the bar: an amount, and new shares per old ones.
    dividends: dict[int, float] = field(default_factory=dict)
    splits: dict[int, tuple[int, int]] = field(default_factory=dict)
    timezone: str = "America/New_York"

    @property
    def starts(self) -> list[int]:
        """The start of each window that was asked for, in milliseconds."""
        return [int(one.get("startTime", 0)) for one in self.asked]

    def fail(self, *replies: Reply | None) -> None:
        self.faults.extend(replies)


def binance(server: Server, path: str, query: dict[str, str]) -> Reply:
    """Answer as /api/v3 does: klines from startTime on, as many as limit."""
    if path.endswith("/exchangeInfo"):
        return Reply(body=json.dumps({"symbols": [_market("BTC"), _market("ETH")]}))
    if not path.endswith("/klines"):
        return Reply(404, "{}")
    start, limit = int(query.get("startTime", 0)), int(query.get("limit", 500))
    end = int(query.get("endTime", 2**62))
    step = Timeframe.parse(query["interval"])
    own = server.ohlcv if step.ms == server.step else resample(server.ohlcv, step)
    some = own.between(start, end + 1).slice(0, min(limit, 1000))
    return Reply(body=json.dumps([_kline(step.ms, row) for row in _rows(some)]))


def yahoo(server: Server, path: str, query: dict[str, str]) -> Reply:
    """Answer as /v8/finance/chart does, and give out crumbs."""
    if "/finance/chart/" not in path:
        return Reply(body="crumb")
    if not path.endswith("/AAPL"):
        error = {"code": "Not Found", "description": "No data found"}
        return Reply(404, json.dumps({"chart": {"result": None, "error": error}}))
    start = int(query.get("period1", 0)) * 1000
    some = server.ohlcv.between(start, int(query.get("period2", 2**40)) * 1000)
    return Reply(body=json.dumps({"chart": _chart(server, some)}))


def _chart(server: Server, some: Ohlcv) -> dict[str, Any]:
    regular = {"timezone": "EST", "start": 0, "end": 2**33, "gmtoffset": -18000}
    meta = {
        "currency": "USD",
        "symbol": "AAPL",
        "instrumentType": server.instrument,
        "exchangeName": server.exchange,
        "exchangeTimezoneName": server.timezone,
        "timezone": "EST",
        "gmtoffset": -18000,
        "priceHint": 2,
        "regularMarketTime": 0,
        "firstTradeDate": 345479400,
        "dataGranularity": "1d",
        "validRanges": ["1d", "max"],
        "currentTradingPeriod": {"pre": regular, "regular": regular, "post": regular},
        "tradingPeriods": [[regular]],
    }
    quote = {
        name: getattr(some, name).tolist()
        for name in ("open", "high", "low", "close", "volume")
    }
    adjusted = [{"adjclose": (some.close * 0.9).tolist()}]
    one: dict[str, Any] = {
        "meta": meta,
        "indicators": {"quote": [{}], "adjclose": [{}]},
    }
    if len(some):
        one["events"] = _events(server, some)
        one["timestamp"] = (some.time // 1000).tolist()
        one["indicators"] = {"quote": [quote], "adjclose": adjusted}
    return {"result": [one], "error": None}


def _events(server: Server, some: Ohlcv) -> dict[str, Any]:
    """Return the splits and dividends of the bars, as Yahoo keys them by second."""

    def inside(numbers: Iterable[int]) -> list[tuple[int, int]]:
        times = [(n, int(server.ohlcv.time[n]) // 1000) for n in numbers]
        return [pair for pair in times if pair[1] * 1000 in some.time]

    return {
        "dividends": {
            str(second): {"amount": server.dividends[n], "date": second}
            for n, second in inside(server.dividends)
        },
        "splits": {
            str(second): {
                "date": second,
                "numerator": server.splits[n][0],
                "denominator": server.splits[n][1],
                "splitRatio": "{}:{}".format(*server.splits[n]),
            }
            for n, second in inside(server.splits)
        },
    }


def _market(base: str) -> dict[str, Any]:
    return {
        "symbol": f"{base}USDT",
        "status": "TRADING",
        "baseAsset": base,
        "quoteAsset": "USDT",
        "isSpotTradingAllowed": True,
        "permissions": ["SPOT"],
        "permissionSets": [["SPOT"]],
        "orderTypes": ["LIMIT"],
        "filters": [],
    }


def _rows(ohlcv: Ohlcv) -> Iterator[tuple[float, ...]]:
    return zip(*(column.tolist() for column in ohlcv), strict=True)


def _kline(step: int, row: tuple[float, ...]) -> list[object]:
    time, *values = row
    return [int(time), *map(repr, values), int(time) + step - 1, "0", 1, "0"]


@contextmanager
def serving(server: Server, answer: Any) -> Iterator[Server]:
    """Yield the server once it listens; ``answer`` makes its right answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            reply: Reply = answer(server, parts.path, query)
            if parts.path.endswith("/klines") or "/finance/chart/" in parts.path:
                server.asked.append(query)
                fault = server.faults.popleft() if server.faults else server.always
                reply = fault or reply
                if server.hold is not None and not server.faults:
                    server.hold.wait(60)
            body = reply.body.encode()
            self.send_response(reply.status)
            kind = "text/html" if body.startswith(b"<") else "application/json"
            headers = {"Content-Type": kind, "Content-Length": str(len(body))}
            for name, value in {**headers, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            # A client that was killed does not take its answer.
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    server.url = f"http://127.0.0.1:{httpd.server_address[1]}"
    threading.Thread(target=httpd.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
