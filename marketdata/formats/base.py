"""What a file format is, and what it says about one file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from marketdata.cleaning import RawCandles
from marketdata.formats.head import Head
from marketdata.formats.refusing import refusal
from marketdata.formats.wishes import Wishes
from marketdata.markets import unknown

# Nineteen years of minutes; more is not one series.
MAX_ROWS = 10_000_000

# Called with what is done and what there is in all, in bytes of the file as it lies.
type Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says about its series; None where it says nothing.

    ``suggested`` holds what only the file's name says, where the format defines names.
    ``adjusted`` tells how prices are adjusted (none, split or split_dividend), None
    where that is not known. ``calendar_of`` returns the calendar of a symbol (see
    ``markets``). ``usual_source`` is what to call the source where nothing tells it.
    """

    symbol: str | None = None
    timeframe: str | None = None
    source: str | None = None
    suggested: dict[str, str] = field(default_factory=dict)
    adjusted: str | None = None
    calendar_of: Callable[[str], str | None] = unknown
    usual_source: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file; ``symbol`` is in the rows, ``remarks`` are for people.

    ``labels_close`` says that the times are those at which the bars close. ``unread``
    is the text of the first time that could not be read.
    """

    raw: RawCandles
    symbol: str | None = None
    remarks: tuple[str, ...] = ()
    labels_close: bool = False
    unread: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A file whose layout is known: its facts, and how to read its rows."""

    facts: Facts
    read: Callable[[Progress], Table]
    name: str = ""


class CandleFormat(Protocol):
    """One layout of candle files; recognised by content, never by name."""

    name: str

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        """Return how to read the file that begins with ``head``, None if not this."""


def check_rows(rows: int) -> None:
    """Refuse a file of more rows than any series has, before memory runs out."""
    if rows > MAX_ROWS:
        raise refusal(
            "too_many_rows", f"the file has more than {MAX_ROWS:,} rows; split it"
        )
