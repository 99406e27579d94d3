"""The formats that are tables of text: how each makes a ``Found`` of its layout."""

from dataclasses import replace
from functools import partial

from marketdata.formats.base import Facts, Found
from marketdata.formats.cells import Spelling, spelling
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.refusing import refusal
from marketdata.formats.table import read_table
from marketdata.formats.wishes import Wishes

PRICES = ("open", "high", "low", "close")


def found(head: Head, layout: Layout, facts: Facts, wishes: Wishes) -> Found:
    """Return how to read a table of this layout, as it writes its cells."""
    layout = replace(
        layout,
        delimiter=head.delimiter,
        spelling=_spelling(head, layout.columns[1:], wishes),
    )
    return Found(facts, partial(read_table, head.source, layout, wishes))


def positions(names: tuple[str, ...], *, volume: str = "volume") -> tuple[int, ...]:
    """Return where the prices and the volume are; ``KeyError`` names what lacks."""
    where = {name: position for position, name in enumerate(names)}
    return tuple(where[name] for name in (*PRICES, volume))


def _spelling(head: Head, columns: tuple[int, ...], wishes: Wishes) -> Spelling:
    """Tell how the numbers are written; ``InvalidInput`` where it may be two ways."""
    if wishes.decimal_comma:
        return Spelling.EUROPEAN
    cells = [cell.strip('"') for at in columns for cell in head.column(at)]
    written = spelling(cells)
    if written is None:
        raise refusal(
            "ambiguous",
            "its numbers, such as "
            f"{next(cell for cell in cells if ',' in cell)}, may have decimal commas "
            "or thousands separators; say --decimal-comma, or write them without "
            "separators",
        )
    return written
