"""Bitfinex minutes: time, open, close, high, low, volume, as its interface has them."""

from marketdata.formats.base import Facts, Found
from marketdata.formats.head import Head, mostly
from marketdata.formats.layout import Layout
from marketdata.formats.names import suggested
from marketdata.formats.orders import OCHL, order_of
from marketdata.formats.tables import found
from marketdata.formats.wishes import Wishes
from marketdata.markets import always

COLUMNS = 6
NAME = r"(?P<symbol>[A-Z0-9]{5,12})(_\d{4})?"


class Bitfinex:
    """No header: known by prices that are candles in this order alone."""

    name = "bitfinex_1m_ochlv"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        rows = [row for row in head.rows if len(row) == COLUMNS]
        if head.names or not rows or len(rows) < 0.9 * len(head.rows):
            return None
        if not mostly(head.column(0), lambda t: t.isdigit() and len(t) >= 12):
            return None
        if wishes.format != self.name and order_of(rows) != OCHL:
            return None
        layout = Layout((0, *OCHL, 5), COLUMNS, skip=head.preamble)
        facts = Facts(
            source="bitfinex",
            suggested=suggested(head.source, NAME),
            calendar_of=always,
        )
        return found(head, layout, facts, wishes)
