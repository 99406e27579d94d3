"""Minutes of Bitstamp as published on Kaggle from 2012 to 2021.

The later layouts (six columns of plain names) are those of ``generic_csv``.
"""

from marketdata.formats.base import Facts, Found
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.names import suggested
from marketdata.formats.tables import found, positions
from marketdata.formats.wishes import Wishes
from marketdata.markets import always

NAME = r"(?P<source>bitstamp|coinbase|coincheck|btce)(?P<quote>[a-z]{3})?([_ -].*)?"
REPEATED = (
    "minutes without trades may repeat the candle before them, its volume included"
)


class BitstampMinutes:
    """Volume in coins and in currency; other exchanges were published so as well."""

    name = "bitstamp_1min_kaggle_v1"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        names = head.names
        coins = [n for n in names if n.startswith("volume_(") and "currency" not in n]
        if "timestamp" not in names or "volume_(currency)" not in names or not coins:
            return None
        try:
            columns = positions(names, volume=coins[0])
        except KeyError:
            return None
        layout = Layout(
            (names.index("timestamp"), *columns),
            cells=len(names),
            skip=head.preamble + 1,
            header=names,
        )
        facts = Facts(
            suggested=_suggested(head, coins[0]),
            calendar_of=always,
            usual_source="kaggle",
            notes=(REPEATED,),
        )
        return found(head, layout, facts, wishes)


def _suggested(head: Head, volume: str) -> dict[str, str]:
    """Return what bitstampUSD_1-min_data and the like tell of exchange and symbol."""
    said = suggested(head.source, NAME)
    quote = said.pop("quote", None)
    coin = volume.removeprefix("volume_(").rstrip(")").upper()
    return said | ({"symbol": f"{coin}/{quote.upper()}"} if quote else {})
