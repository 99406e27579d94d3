"""Kraken's downloadable OHLCVT: no header, Unix seconds, and the number of trades."""

from marketdata.formats.base import Facts, Found
from marketdata.formats.head import Head, mostly
from marketdata.formats.layout import Layout
from marketdata.formats.names import suggested, with_timeframe
from marketdata.formats.orders import OHLC, order_of
from marketdata.formats.tables import found
from marketdata.formats.wishes import Wishes
from marketdata.markets import always

COLUMNS = 7
PLAIN = (0, 1, 2, 3, 4, 5)
# The interface's rows have the mean price before the volume.
WITH_VWAP = (0, 1, 2, 3, 4, 6)
NAME = r"(?P<symbol>[A-Z0-9.]+)_(?P<timeframe>\d+)"


class Kraken:
    """An interval without trades has no row; that is no damage."""

    name = "kraken_ohlcvt"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        width = len(head.first_row)
        rows = [row for row in head.rows if len(row) == width]
        if head.names or not rows or len(rows) < 0.9 * len(head.rows):
            return None
        # A comma at the end of each line makes no column.
        columns = PLAIN if width == COLUMNS or not head.column(COLUMNS) else WITH_VWAP
        if width - (columns == WITH_VWAP) not in (COLUMNS, COLUMNS + 1):
            return None
        times, trades = head.column(0), head.column(columns[-1] + 1)
        if not (mostly(times, str.isdigit) and mostly(trades, str.isdigit)):
            return None
        # Prices that all are one fit this order as well as any other.
        one_price = all(len(set(row[1:5])) == 1 for row in rows)
        if not mostly(times, lambda t: len(t) <= 10) or not (
            one_price or order_of(rows) == OHLC
        ):
            return None
        facts = Facts(
            source="kraken",
            suggested=with_timeframe(suggested(head.source, NAME)),
            calendar_of=always,
        )
        layout = Layout(columns, cells=width, skip=head.preamble)
        return found(head, layout, facts, wishes)
