"""Where a table of text has its columns, and how it writes them."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from marketdata.formats.cells import Spelling
from marketdata.formats.moments import Dates


@dataclass(frozen=True, slots=True)
class Layout:
    """The positions of the columns, counted from 0, and the spelling of cells.

    ``columns`` are those of time, open, high, low, close and volume. ``skip`` lines
    stand before the first row. ``scale`` is what a price is divided by. ``midnight`` is
    the day (ms) in which each time counts milliseconds, None where times are whole.
    ``days`` says that daily bars open at a local midnight, ``closes``
    that the times are those at which the bars close.
    """

    columns: tuple[int, ...]
    cells: int
    delimiter: str = ","
    skip: int = 0
    symbol: int | None = None
    header: tuple[str, ...] = ()
    dates: Dates = Dates.ISO
    spelling: Spelling = Spelling.PLAIN
    scale: float = 1.0
    zone: ZoneInfo | None = None
    days: bool = False
    closes: bool = False
    midnight: float | None = None

    @property
    def wanted(self) -> tuple[int, ...]:
        """The positions that are read: the six columns, then the symbol."""
        symbol = () if self.symbol is None else (self.symbol,)
        return (*self.columns, *symbol)
