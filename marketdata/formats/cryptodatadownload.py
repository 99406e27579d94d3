"""CryptoDataDownload: a banner, newest row first, seconds and milliseconds mixed."""

from marketdata.formats.base import Facts, Found
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.names import suggested, with_timeframe
from marketdata.formats.tables import found, positions
from marketdata.formats.wishes import Wishes
from marketdata.markets import always

# The number first: it is right where the written date is hours behind.
TIMES = ("unix", "unix timestamp", "date")
NAME = (
    r"(?P<source>[A-Z]+)_(?P<symbol>[A-Z0-9]+)(?:_\d{4})?_"
    r"(?P<timeframe>d|1d|daily|1h|hourly|hour|minute|\d+m)"
)


class CryptoDataDownload:
    """Two volumes, named after the assets; the one of the base is read."""

    name = "cryptodatadownload"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        names = head.names
        time = next((name for name in TIMES if name in names), None)
        volumes = [name for name in names if name.startswith("volume ")]
        if time is None or "symbol" not in names or not volumes:
            return None
        symbol = names.index("symbol")
        symbols = {cell.strip('"') for cell in head.column(symbol)}
        try:
            columns = positions(names, volume=_of_base(volumes, symbols))
        except KeyError:
            return None
        layout = Layout(
            (names.index(time), *columns),
            cells=len(names),
            skip=head.preamble + 1,
            symbol=symbol,
            header=names,
        )
        suggestions = with_timeframe(suggested(head.source, NAME))
        suggestions.pop("symbol", None)
        facts = Facts(
            symbol=next(iter(symbols), None),
            suggested=suggestions,
            calendar_of=always,
            usual_source="cryptodatadownload",
        )
        return found(head, layout, facts, wishes)


def _of_base(volumes: list[str], symbols: set[str]) -> str:
    """Return the volume named after what the symbol begins with, else the first."""
    symbol = next(iter(symbols), "").lower()
    return next(
        (v for v in volumes if symbol.startswith(v.removeprefix("volume ").strip())),
        volumes[0],
    )
