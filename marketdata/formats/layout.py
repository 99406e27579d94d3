"""Where a table of text has its columns, and how it writes them."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from marketdata.formats.cells import Spelling
from marketdata.formats.moments import Dates


@dataclass(frozen=True, slots=True)
class Layout:
    """The positions of the columns, counted from 0, and the spelling of cells.

    ``columns`` are those of time, open, high, low, close and volume; ``clock`` is that
    of the time of day where the times are dates alone, ``adjusted``, ``dividend`` and
    ``split`` are those of ``RawCandles``. ``skip`` lines stand before the
    first row. ``scale`` is what a price is divided by. ``midnight`` is the day (ms) in
    which each time counts milliseconds, None where times are whole. ``days`` says that
    daily bars open at a local midnight, ``closes`` that the times are those at which
    the bars close.
    """

    columns: tuple[int, ...]
    cells: int
    delimiter: str = ","
    skip: int = 0
    clock: int | None = None
    symbol: int | None = None
    adjusted: int | None = None
    dividend: int | None = None
    split: int | None = None
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
        """The positions that are read: the six columns, then those of ``more``."""
        return (*self.columns, *self.more.values())

    @property
    def more(self) -> dict[str, int]:
        """The columns beside the six that there are, by name."""
        found = {
            "clock": self.clock,
            "symbol": self.symbol,
            "adjusted": self.adjusted,
            "dividend": self.dividend,
            "split": self.split,
        }
        return {name: at for name, at in found.items() if at is not None}
