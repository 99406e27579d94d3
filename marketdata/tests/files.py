"""Files for the tests of formats: written, detected and read in one go."""

import gzip
import zipfile
from pathlib import Path

import pytest

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles
from marketdata.formats.base import Found, Table
from marketdata.formats.detection import detect
from marketdata.formats.sources import sources
from marketdata.formats.wishes import Wishes
from marketdata.ohlcv import COLUMNS


def written(folder: Path, content: str | bytes, name: str = "candles.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(folder: Path, members: dict[str, str], name: str = "candles.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def gzipped(folder: Path, content: bytes, name: str = "candles.csv.gz") -> Path:
    return written(folder, gzip.compress(content), name)


def found(path: Path, wishes: Wishes | None = None) -> Found:
    (source,) = sources(path)
    return detect(source, wishes)


def table(path: Path, wishes: Wishes | None = None) -> Table:
    return found(path, wishes).read(lambda done, total: None)


def read(path: Path, wishes: Wishes | None = None) -> RawCandles:
    return table(path, wishes).raw


def refusal(path: Path, wishes: Wishes | None = None) -> str:
    """Return why a file is refused."""
    with pytest.raises(InvalidInput) as caught:
        read(path, wishes)
    assert caught.value.errors[0].pointer == "/file"
    return caught.value.detail


def row(raw: RawCandles, index: int = 0) -> list[float]:
    return [float(getattr(raw, name)[index]) for name in COLUMNS]
