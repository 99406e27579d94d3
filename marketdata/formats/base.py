"""What a file format is."""

from pathlib import Path
from typing import Protocol

from marketdata.cleaning import RawCandles


class CandleFormat(Protocol):
    """One layout of candle files; recognised by content, never by name."""

    name: str

    def matches(self, head: bytes) -> bool:
        """Say whether a file that begins with ``head`` has this layout."""

    def read(self, path: Path) -> RawCandles:
        """Read every row; ``InvalidInput`` when the file is not what it seemed."""
