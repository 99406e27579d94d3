"""Which format a file has, told by its content."""

from pathlib import Path

from botforge.errors import InvalidInput
from marketdata.formats.base import CandleFormat
from marketdata.formats.freqtrade import FreqtradeFeather
from marketdata.formats.generic import GenericCsv

FORMATS: tuple[CandleFormat, ...] = (FreqtradeFeather(), GenericCsv())
HEAD_BYTES = 10_000


def detect(path: Path) -> CandleFormat:
    """Return the file's format; ``InvalidInput`` when no format fits."""
    head = _head(path)
    if not head:
        raise _refusal("empty", f"“{path.name}” is empty.")
    for candidate in FORMATS:
        if candidate.matches(head):
            return candidate
    known = ", ".join(candidate.name for candidate in FORMATS)
    raise _refusal(
        "not_candles",
        f"“{path.name}” is not a candle file that is known here ({known}).",
    )


def _head(path: Path) -> bytes:
    try:
        # Opening a pipe would wait for whoever writes to it.
        if path.exists() and not path.is_file():
            raise _refusal("unreadable", f"“{path.name}” is not a file.")
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise _refusal(
            "unreadable", f"“{path.name}” cannot be read: {reason}."
        ) from error


def _refusal(code: str, detail: str) -> InvalidInput:
    return InvalidInput.field("file", code, detail)
