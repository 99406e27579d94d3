"""What a web process finds out about an uploaded file: little, at a bounded cost.

Only what the user left out is looked for, in the first bytes of the file; to read all
of it is for a worker.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from botforge.errors import InvalidInput
from marketdata.formats.base import Facts
from marketdata.formats.detection import detect
from marketdata.formats.refusing import named
from marketdata.formats.sources import Source, Stream
from marketdata.services.importing import Said, only_source
from marketdata.services.preparing import Prepared, prepare

# Thousands of rows: what they do not tell, more of them would not.
SAMPLE_BYTES = 256_000
MAX_NAME_BYTES = 200
# Formats that cannot be read in part. The worker finds out how long their bars are.
UNDIVIDED = (
    "freqtrade_feather",
    "freqtrade_parquet",
    "freqtrade_json",
    "freqtrade_jsongz",
)


def upload_inspect(*, path: Path, said: Said) -> None:
    """Refuse a file that does not tell what was not said of it.

    Raises ``InvalidInput`` naming the symbol or the timeframe, or the file when it is
    none of candles.
    """
    if said.symbol and said.timeframe:
        return
    source = only_source(path)
    try:
        found = detect(source, said.wishes)
    except InvalidInput as error:
        raise named(source.title, error) from error
    symbol = said.symbol or _told("symbol", found.facts)
    if not symbol:
        raise _untold("symbol", source)
    if said.timeframe or _told("timeframe", found.facts) or found.name in UNDIVIDED:
        return
    beginning = _Beginning(source.path, source.member, source.siblings)
    try:
        prepare(
            beginning,
            replace(said, symbol=symbol),
            datetime.now(UTC),
            lambda done, total: None,
            Prepared(),
        )
    except InvalidInput as error:
        # Whatever else is wrong is for the whole file to show.
        if _lacks(error, "timeframe"):
            raise _untold("timeframe", source) from error


@contextmanager
def named_as(path: Path, name: str) -> Iterator[Path]:
    """Yield a path to the same file that ends in the name its user gave it."""
    with tempfile.TemporaryDirectory(prefix="botforge-upload-") as folder:
        link = Path(folder) / file_name(name)
        link.symlink_to(path.resolve())
        yield link


def file_name(name: str) -> str:
    """Return the end of a name from outside, short enough for any file system."""
    end = Path(name).name.encode(errors="ignore")[-MAX_NAME_BYTES:]
    text = end.decode(errors="ignore").replace("\0", "")
    return text if text.strip(".") else "upload"


@dataclass(frozen=True, slots=True)
class _Beginning(Source):
    """A file that ends after ``SAMPLE_BYTES``."""

    @contextmanager
    def open(self) -> Iterator[Stream]:
        with Source.open(self) as stream:
            yield _Sample(stream)


class _Sample(Stream):
    """The first bytes of a stream."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._left = SAMPLE_BYTES
        self.total = stream.total

    @property
    def done(self) -> int:
        return self._stream.done

    def read(self, size: int) -> bytes:
        block = self._stream.read(min(size, self._left))
        self._left -= len(block)
        return block


def _told(field: str, facts: Facts) -> str | None:
    told: str | None = getattr(facts, field) or facts.suggested.get(field)
    return told


def _lacks(error: InvalidInput, field: str) -> bool:
    return any(
        one.pointer == f"/{field}" and one.code == "required" for one in error.errors
    )


def _untold(field: str, source: Source) -> InvalidInput:
    return InvalidInput.field(
        field, "required", f"“{source.title}” does not tell its {field}: give it."
    )
