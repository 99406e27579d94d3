"""What yfinance writes: the exchange's own offset, dividends and splits beside."""

from marketdata.formats.base import Facts, Found
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.tables import found, positions
from marketdata.formats.wishes import Wishes

ACTIONS = {"dividends", "stock splits"}
RAW = (
    "open, high, low and close are stored as they are (adjusted for splits); the "
    "close adjusted for dividends is left out"
)
ADJUSTED = "prices are adjusted for splits and dividends: there is no Adj Close"


class YfinanceCsv:
    """One table of one symbol; newer versions write three lines of header."""

    name = "yfinance_csv"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        names = head.names
        three = bool(names) and names[0] == "price" and len(head.rows) > 1
        time = 0 if three else _time(names)
        if time is None or not (three or _is_yfinance(head, time)):
            return None
        try:
            columns = positions(names)
        except KeyError:
            return None
        layout = Layout(
            (time, *columns),
            cells=len(names),
            skip=head.preamble + (3 if three else 1),
            header=names,
            days=True,
        )
        raw = "adj close" in names
        facts = Facts(
            symbol=head.rows[0][1].strip() if three else None,
            source="yfinance",
            adjusted="split" if raw else "split_dividend",
            notes=(RAW if raw else ADJUSTED,),
        )
        return found(head, layout, facts, wishes)


def _time(names: tuple[str, ...]) -> int | None:
    return next((names.index(n) for n in ("date", "datetime") if n in names), None)


def _is_yfinance(head: Head, time: int) -> bool:
    if set(head.names) >= ACTIONS:
        return True
    offsets = all(":" in cell[-6:] for cell in head.column(time))
    return "adj close" in head.names and offsets
