"""What the name of a freqtrade file says: BTC_USDT-5m, XRP_USDT_USDT-1h-futures."""

from marketdata.formats.base import Facts
from marketdata.formats.folders import exchange_of
from marketdata.formats.names import suggested, with_timeframe
from marketdata.formats.refusing import refusal
from marketdata.formats.sources import Source
from marketdata.markets import always

NAME = (
    r"(?P<symbol>[A-Z0-9]+(?:_[A-Z0-9]+){1,2})-(?P<timeframe>\d+[smhdw])"
    r"(?:-(?P<kind>spot|futures|mark|index|premiumIndex|funding_rate))?"
)


def facts_of(source: Source) -> Facts:
    """Return the pair and timeframe that a name suggests, in the exchange's spelling.

    The folder is called by the exchange.

    Raises ``InvalidInput`` for a file of funding rates: they are no prices.
    """
    found = with_timeframe(suggested(source, NAME))
    if found.pop("kind", "") == "funding_rate":
        raise refusal(
            "not_candles", "it holds funding rates, not candles; import the prices"
        )
    if "symbol" in found:
        base, quote, *settled = found["symbol"].split("_")
        found["symbol"] = f"{base}/{quote}" + "".join(f":{coin}" for coin in settled)
    exchange = exchange_of(source)
    if exchange is not None:
        found["source"] = exchange
    return Facts(suggested=found, calendar_of=always, usual_source="freqtrade")
