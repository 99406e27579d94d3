"""Any table of text whose columns are named, or whose order is plain."""

import re

from marketdata.formats.base import Facts, Found
from marketdata.formats.dates import order_of_dates
from marketdata.formats.head import Head, mostly
from marketdata.formats.headers import (
    CLOCK,
    FIELDS,
    VALUE_NAMES,
    known_columns,
    repeats_a_name,
)
from marketdata.formats.layout import Layout
from marketdata.formats.moments import Dates
from marketdata.formats.names import suggested, with_timeframe
from marketdata.formats.orders import OHLC, order_of
from marketdata.formats.refusing import refusal
from marketdata.formats.tables import found
from marketdata.formats.wishes import Wishes

# A symbol in capitals and a timeframe, before whatever people add to them.
NAME = (
    r"(?-i:(?P<symbol>[A-Z0-9]{2,}(?:[-_][A-Z]{3,})?))[-_]"
    r"(?P<timeframe>\d{1,2}[mhdw]|d|daily|hourly|hour|minute)(?:[-_ ].*)?"
)
DATE = re.compile(r"^\d{8}$|^\d{4}[-/.]\d|^\d{1,2}[-/.]\d").match
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
            skip=head.preamble + bool(head.names),
            clock=where.get("clock"),
            symbol=where.get("symbol"),
            header=head.names,
            dates=dates,
            closes=closes,
        )
        symbols = head.column(where["symbol"]) if "symbol" in where else []
        notes: tuple[str, ...] = (CLOSES,) if closes else ()
        if dates in (Dates.DAY_FIRST, Dates.MONTH_FIRST):
            notes += (f"dates are read {dates.name.lower().replace('_', ' ')}",)
        symbol = next(iter(symbols), None)
        facts = Facts(
            symbol=symbol,
            suggested=with_timeframe(suggested(head.source, NAME)),
            usual_source="file",
            notes=notes,
        )
        return found(head, layout, facts, wishes)


def _named(head: Head) -> dict[str, int] | None:
    """Return the positions by the header; ``InvalidInput`` names what it lacks."""
    where = known_columns(head)
    if repeats_a_name(head) or len(where.keys() & set(VALUE_NAMES)) < 3:
        return None
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
    where = known_columns(head)
    if "time" in wishes.columns:
        where.pop("closes", None)
        where.pop("clock", None)
    for field, column in wishes.columns.items():
        if field not in FIELDS:
            raise refusal(
                "columns", f"{field} is no column of candles: use {', '.join(FIELDS)}"
            )
        where[field] = _position(head, column)
    lacking = [n for n in ("time", *VALUE_NAMES) if n not in where]
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
    """Return the positions where there is no header: time first, or date and clock."""
    clock = int(mostly(head.column(1), CLOCK.match) and mostly(head.column(0), DATE))
    cells = 6 + clock
    rows = [row[clock:] for row in head.rows if len(row) == cells]
    if not rows or len(rows) < 0.9 * len(head.rows):
        return None
    numbered = [["0", *(cell.replace(",", ".") for cell in row[1:])] for row in rows]
    if wishes.format != GenericCsv.name and order_of(numbered) != OHLC:
        return None
    where = {name: clock + at for at, name in enumerate(VALUE_NAMES, 1)}
    return where | {"time": 0} | ({"clock": 1} if clock else {})
