"""Kraken's downloadable OHLCVT: no header, Unix seconds, and the number of trades."""

from marketdata.formats.base import Facts, Found
from marketdata.formats.head import Head, mostly
from marketdata.formats.layout import Layout
from marketdata.formats.names import suggested, with_timeframe
from marketdata.formats.orders import OHLC, order_of
from marketdata.formats.tables import found
from marketdata.formats.wishes import Wishes

COLUMNS = 7
NAME = r"(?P<symbol>[A-Z0-9.]+)_(?P<timeframe>\d+)"


class Kraken:
    """An interval without trades has no row; that is no damage."""

    name = "kraken_ohlcvt"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        rows = [row for row in head.rows if len(row) == COLUMNS]
        if head.names or not rows or len(rows) < 0.9 * len(head.rows):
            return None
        times, trades = head.column(0), head.column(6)
        if not (mostly(times, str.isdigit) and mostly(trades, str.isdigit)):
            return None
        # Prices that all are one fit this order as well as any other.
        one_price = all(len(set(row[1:5])) == 1 for row in rows)
        if not mostly(times, lambda t: len(t) <= 10) or not (
            one_price or order_of(rows) == OHLC
        ):
            return None
        facts = Facts(
            source="kraken", suggested=with_timeframe(suggested(head.source, NAME))
        )
        layout = Layout(tuple(range(6)), cells=COLUMNS, skip=head.preamble)
        return found(head, layout, facts, wishes)
