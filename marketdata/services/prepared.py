"""What is known of a file on its way into a series."""

from dataclasses import dataclass, field

from marketdata.cleaning import Cleaned, RawCandles
from marketdata.counting import Counts
from marketdata.formats.base import Facts
from marketdata.services.target import Target


@dataclass(slots=True)
class Prepared:
    """What is known of a file so far; all of it once it is ready.

    ``source_told`` is False where the source is but the usual one of the format.
    ``calendar`` and ``adjustment`` are None where nothing tells them.
    """

    format: str | None = None
    facts: Facts = field(default_factory=Facts)
    symbol: str | None = None
    timeframe: str | None = None
    counts: Counts | None = None
    raw: RawCandles | None = None
    cleaned: Cleaned | None = None
    target: Target | None = None
    source_told: bool = True
    calendar: str | None = None
    adjustment: str | None = None
    notes: list[str] = field(default_factory=list)
