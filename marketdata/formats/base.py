"""What a file format is."""

from pathlib import Path
from typing import Protocol

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles

# Thirty-eight years of minutes; more is not one series.
MAX_ROWS = 20_000_000


class CandleFormat(Protocol):
    """One layout of candle files; recognised by content, never by name."""

    name: str

    def matches(self, head: bytes) -> bool:
        """Say whether a file that begins with ``head`` has this layout."""

    def read(self, path: Path) -> RawCandles:
        """Read every row; ``InvalidInput`` when the file is not what it seemed."""


def check_rows(rows: int) -> None:
    """Refuse a file of more rows than any series has, before memory runs out."""
    if rows > MAX_ROWS:
        raise InvalidInput.field(
            "file",
            "too_many_rows",
            f"The file has more than {MAX_ROWS:,} rows; split it.",
        )
