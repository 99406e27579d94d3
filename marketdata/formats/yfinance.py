"""What yfinance writes: the exchange's own offset, dividends and splits beside."""

from marketdata.formats.adjustment import adjusted, yahoo_facts
from marketdata.formats.base import Found
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.refusing import refusal
from marketdata.formats.tables import found, positions
from marketdata.formats.wishes import Wishes

ACTIONS = {"dividends", "stock splits"}


class YfinanceCsv:
    """One table of one symbol; newer versions write three lines of header."""

    name = "yfinance_csv"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        names, tickers = _two_lines(head)
        three = bool(tickers)
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
            dividend=_position(names, "dividends"),
            split=_position(names, "stock splits"),
        )
        adj_close = _position(names, "adj close")
        layout, how, note = adjusted(layout, adj_close, wishes.adjustment)
        symbol = next(iter(tickers), None)
        facts = yahoo_facts(head.source, "yfinance", how, note, symbol)
        return found(head, layout, facts, wishes)


def _position(names: tuple[str, ...], name: str) -> int | None:
    return names.index(name) if name in names else None


def _two_lines(head: Head) -> tuple[tuple[str, ...], set[str]]:
    """Return the names of the columns, and the tickers where a line of them follows.

    Either line may stand first. Raises ``InvalidInput`` for several tickers.
    """
    names = head.names
    if names[:1] not in (("price",), ("ticker",)) or len(head.rows) < 2:
        return names, set()
    other = tuple(cell.strip() for cell in head.rows[0])
    tickers = other[1:]
    if names[0] == "ticker":
        tickers = tuple(cell.strip() for cell in head.first_row[1:])
        names = tuple(name.lower() for name in other)
    if len(set(tickers)) > 1:
        raise refusal(
            "several_symbols",
            f"it holds several symbols ({', '.join(sorted(set(tickers))[:3])}); "
            "download one at a time",
        )
    return names, set(tickers)


def _time(names: tuple[str, ...]) -> int | None:
    return next((names.index(n) for n in ("date", "datetime") if n in names), None)


def _is_yfinance(head: Head, time: int) -> bool:
    if set(head.names) >= ACTIONS:
        return True
    offsets = all(":" in cell[-6:] for cell in head.column(time))
    return "adj close" in head.names and offsets
