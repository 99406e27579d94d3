"""Any table of text whose columns are named, or whose order is plain."""

from botforge.errors import InvalidInput
from marketdata.formats.base import Facts, Found
from marketdata.formats.dates import order_of_dates
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.moments import Dates
from marketdata.formats.orders import OHLC, order_of
from marketdata.formats.refusing import refusal
from marketdata.formats.tables import found, spelling_of
from marketdata.formats.wishes import Wishes

# The exact ones first: where a file has several, the text repeats the number. The
# last is how a table is written whose index has no name.
TIME_NAMES = (
    *("open_time", "open time", "opentime", "timestamp", "unix", "unix timestamp"),
    *("time", "datetime", "date", "open_datetime", ""),
)
CLOSE_NAMES = ("close_time", "close time", "closetime", "close_datetime", "end_time")
VALUE_NAMES = ("open", "high", "low", "close", "volume")
SHORT_NAMES = {"o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}
SYMBOL_NAMES = ("symbol", "ticker", "pair")
FIELDS = ("time", *VALUE_NAMES, "symbol")
CLOSES = "its times are those at which bars close; a bar's length is taken off"


class GenericCsv:
    """Columns by name in any order and letter case; others are ignored.

    Times are open times: Unix numbers whose unit is told by their size, or written
    dates. Without a header the order is time, open, high, low, close, volume.
    """

    name = "generic_csv"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        where = _mapped(head, wishes) if wishes.columns else _named(head)
        if where is None and not head.names:
            where = _plain_order(head, wishes)
        if where is None:
            return None
        closes = wishes.labels_close or "closes" in where
        time = where.get("time", where.get("closes", 0))
        values = tuple(where[name] for name in VALUE_NAMES)
        dates = order_of_dates(head.column(time), wishes.day_first)
        layout = Layout(
            (time, *values),
            cells=len(head.first_row),
            delimiter=head.delimiter,
            skip=head.preamble + bool(head.names),
            symbol=where.get("symbol"),
            header=head.names,
            dates=dates,
            spelling=spelling_of(head, values),
            closes=closes,
        )
        symbols = head.column(where["symbol"]) if "symbol" in where else []
        notes: tuple[str, ...] = (CLOSES,) if closes else ()
        if dates in (Dates.DAY_FIRST, Dates.MONTH_FIRST):
            notes += (f"dates are read {dates.name.lower().replace('_', ' ')}",)
        symbol = next(iter(symbols), None)
        return found(head, layout, Facts(symbol=symbol, notes=notes), wishes)


def _named(head: Head) -> dict[str, int] | None:
    """Return the positions by the header; ``InvalidInput`` names what it lacks."""
    names = [SHORT_NAMES.get(name, name) for name in head.names]
    known = [n for n in names if n in (*TIME_NAMES[:-1], *CLOSE_NAMES, *VALUE_NAMES)]
    values = [name for name in VALUE_NAMES if name in names]
    if len(set(known)) < len(known) or len(values) < 3:
        return None
    where = {name: names.index(name) for name in values}
    for field, options in (
        ("time", TIME_NAMES),
        ("closes", CLOSE_NAMES),
        ("symbol", SYMBOL_NAMES),
    ):
        name = next((name for name in options if name in names), None)
        if name is not None:
            where[field] = names.index(name)
    if "time" in where:
        where.pop("closes", None)
    lacking = [name for name in VALUE_NAMES if name not in where]
    if "time" not in where and "closes" not in where:
        lacking.insert(0, "a time column")
    if lacking:
        raise refusal(
            "columns",
            f"its header lacks {', '.join(lacking)}; name the columns with --columns "
            "time=…,open=…,high=…,low=…,close=…,volume=…",
        )
    return where


def _mapped(head: Head, wishes: Wishes) -> dict[str, int]:
    """Return the positions that the user gave, and by name those that were not."""
    try:
        where = _named(head) or {}
    except InvalidInput:
        names = [SHORT_NAMES.get(name, name) for name in head.names]
        where = {name: names.index(name) for name in FIELDS if name in names}
    for field, column in wishes.columns.items():
        if field not in FIELDS:
            raise refusal(
                "columns", f"{field} is no column of candles: use {', '.join(FIELDS)}"
            )
        if field == "time":
            where.pop("closes", None)
        where[field] = _position(head, column)
    lacking = [n for n in FIELDS[:-1] if n not in where]
    if lacking and not (lacking == ["time"] and "closes" in where):
        raise refusal("columns", f"--columns lacks {', '.join(lacking)}")
    return where


def _position(head: Head, column: str) -> int:
    name = column.strip().lower()
    if name in head.names:
        return head.names.index(name)
    if name.isdigit() and 1 <= int(name) <= len(head.first_row):
        return int(name) - 1
    has = ", ".join(head.names) or f"1 to {len(head.first_row)}"
    raise refusal("columns", f"it has no column {column}; it has {has}")


def _plain_order(head: Head, wishes: Wishes) -> dict[str, int] | None:
    rows = [row for row in head.rows if len(row) == len(FIELDS) - 1]
    if not rows or len(rows) < 0.9 * len(head.rows):
        return None
    numbered = [["0", *(cell.replace(",", ".") for cell in row[1:])] for row in rows]
    if wishes.format != GenericCsv.name and order_of(numbered) != OHLC:
        return None
    return {name: position for position, name in enumerate(FIELDS[:-1])}
