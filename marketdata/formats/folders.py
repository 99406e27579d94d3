"""What the folders that a file lies in say, as tools name them."""

import re
from pathlib import PurePosixPath

from marketdata.formats.sources import Source

# Farther up they are somebody's home.
NEAREST = 4
EXCHANGES = (
    *("binance", "binanceus", "bitfinex", "bitget", "bitmart", "bitmex", "bitpanda"),
    *("bitso", "bitstamp", "bittrex", "bitvavo", "bybit", "cexio", "coinbase"),
    *("coinbasepro", "cryptocom", "deribit", "dydx", "exmo", "ftx", "gate", "gateio"),
    *("gdax", "gemini", "hitbtc", "htx", "huobi", "hyperliquid", "kraken", "kucoin"),
    *("mexc", "okcoin", "okex", "okx", "oanda", "phemex", "poloniex", "upbit"),
)
NAME = re.compile(rf"({'|'.join(EXCHANGES)})(?![a-z])")


def folders(source: Source) -> list[str]:
    """Return the nearest folders in lower case, those inside an archive first."""
    inside = PurePosixPath((source.member or "").replace("\\", "/")).parent
    outside = source.path.absolute().parent
    parts = (*reversed(inside.parts), *reversed(outside.parts))
    return [part.lower() for part in parts[:NEAREST]]


def exchange_of(source: Source) -> str | None:
    """Return the exchange that a folder is called by, or begins with."""
    found = map(exchange_named, folders(source))
    return next((name for name in found if name), None)


def exchange_named(name: str) -> str | None:
    """Return the exchange that a name begins with."""
    match = NAME.match(name.lower())
    return match[1] if match else None
