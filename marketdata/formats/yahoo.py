"""Yahoo Finance's download: dates without a time, and a close adjusted once more."""

from marketdata.formats.base import Facts, Found
from marketdata.formats.dates import order_of_dates
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.tables import found, positions, spelling_of
from marketdata.formats.wishes import Wishes

COLUMNS = {"date", "open", "high", "low", "close", "adj close", "volume"}
RAW = (
    "open, high, low and close are stored as Yahoo has them (adjusted for splits); "
    "the close adjusted for dividends is left out"
)


class YahooCsv:
    """Columns in any order; a bar is the exchange's day, UTC's for crypto."""

    name = "yahoo_csv"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        names = tuple(name.replace("_", " ").rstrip("*") for name in head.names)
        if len(names) != len(COLUMNS) or set(names) != COLUMNS:
            return None
        time = names.index("date")
        if any(":" in cell for cell in head.column(time)):
            return None
        columns = positions(names)
        layout = Layout(
            (time, *columns),
            cells=len(names),
            delimiter=head.delimiter,
            skip=head.preamble + 1,
            header=head.names,
            dates=order_of_dates(head.column(time), wishes.day_first),
            spelling=spelling_of(head, columns),
        )
        facts = Facts(source="yahoo", adjusted="split", notes=(RAW,))
        return found(head, layout, facts, wishes)
