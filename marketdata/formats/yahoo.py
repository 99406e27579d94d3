"""Yahoo Finance's download: dates without a time, and a close adjusted once more."""

from marketdata.formats.adjustment import adjusted, yahoo_facts
from marketdata.formats.base import Found
from marketdata.formats.dates import order_of_dates
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.tables import found, positions
from marketdata.formats.wishes import Wishes

COLUMNS = {"date", "open", "high", "low", "close", "adj close", "volume"}


class YahooCsv:
    """Columns in any order; a bar is the exchange's day, UTC's for crypto."""

    name = "yahoo_csv"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        names = tuple(_plain(name) for name in head.names)
        if len(names) != len(COLUMNS) or set(names) != COLUMNS:
            return None
        time = names.index("date")
        if any(":" in cell for cell in head.column(time)):
            return None
        columns = positions(names)
        layout = Layout(
            (time, *columns),
            cells=len(names),
            skip=head.preamble + 1,
            header=head.names,
            dates=order_of_dates(head.column(time), wishes.day_first),
        )
        layout, how, note = adjusted(
            layout, names.index("adj close"), wishes.adjustment
        )
        facts = yahoo_facts(head.source, "yahoo", how, note)
        return found(head, layout, facts, wishes)


def _plain(name: str) -> str:
    name = name.replace("_", " ").replace(".", "").rstrip("*")
    return "adj close" if name in ("adjclose", "adjusted close") else name
