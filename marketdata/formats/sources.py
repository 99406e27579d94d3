"""Files, gzip files and members of zip archives as streams of bounded size.

Nothing is unpacked to disk. What unpacks to far more than candles do is refused while
it is read.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from botforge.errors import InvalidInput
from marketdata.formats.refusing import refusal

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Candles shrink to a fifth; those of a market that stood still to a fiftieth.
MAX_RATIO = 200
FREE_BYTES = 32_000_000
MAX_MEMBERS = 20_000
ENCRYPTED = 0x1
DAMAGED = "it is damaged or cut off; fetch it again"
BOMB = "it unpacks to far more than candles would; unpack it by hand and look at it"


class Readable(Protocol):
    """A stream of text; ``done`` and ``total`` tell how far it is read."""

    @property
    def done(self) -> int: ...

    @property
    def total(self) -> int: ...

    def read(self, size: int) -> bytes: ...


class Openable(Protocol):
    """What can be opened as a stream of text."""

    def open(self) -> AbstractContextManager[Readable]: ...


class Stream:
    """Unpacked bytes; ``done`` and ``total`` count those of the file as it lies."""

    def __init__(self, content: IO[bytes], file: IO[bytes], total: int) -> None:
        self._content = content
        self._file = file
        self._unpacked = 0
        self.total = total

    @property
    def done(self) -> int:
        return min(self._file.tell(), self.total)

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; ``InvalidInput`` when they cannot be had."""
        try:
            block = self._content.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise refusal("damaged", DAMAGED) from error
        self._unpacked += len(block)
        if self._unpacked > FREE_BYTES + MAX_RATIO * self.total:
            raise refusal("bomb", BOMB)
        return block


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or one member of a zip archive that has ``siblings`` others."""

    path: Path
    member: str | None = None
    siblings: int = 0

    @property
    def name(self) -> str:
        return self.path.name if self.member is None else self.member

    @property
    def title(self) -> str:
        """The name for people; a lone member goes by the name of its archive."""
        name = self.path.name
        if self.siblings:
            name = f"{name}/{self.member}"
        # A name may hold bytes that are no text, or move the cursor of a terminal.
        return "".join(c if c.isprintable() else "\ufffd" for c in name)

    @property
    def packed(self) -> bool:
        """Say whether the file itself is unpacked while it is read."""
        with _opened(self.path) as file:
            return self.member is not None or file.peek(2)[:2] == GZIP

    @contextmanager
    def open(self) -> Iterator[Stream]:
        """Open the unpacked content; ``InvalidInput`` when it cannot be read."""
        with _opened(self.path) as file:
            total = self.path.stat().st_size
            if self.member is not None:
                with _member(file, self.member) as (content, size):
                    yield Stream(content, content, size)
            elif file.peek(2)[:2] == GZIP:
                with gzip.GzipFile(fileobj=file) as content:
                    yield Stream(content, file, total)  # type: ignore[arg-type] # it reads
            else:
                yield Stream(file, file, total)


def sources(path: Path) -> list[Source]:
    """Return the files at ``path``: itself, or the members of a zip archive."""
    with _opened(path) as file:
        if not file.peek(4).startswith(ZIP):
            return [Source(path)]
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise refusal("damaged", DAMAGED) from error
    files = [m for m in members if not m.is_dir() and "__MACOSX/" not in m.filename]
    _check_archive(files, path.stat().st_size)
    return [Source(path, m.filename, len(files) - 1) for m in files]


def _check_archive(files: list[zipfile.ZipInfo], packed: int) -> None:
    if not files:
        raise refusal("empty", "the archive is empty")
    if len(files) > MAX_MEMBERS:
        raise refusal(
            "bomb", f"the archive has more than {MAX_MEMBERS:,} files; split it"
        )
    if sum(m.file_size for m in files) > FREE_BYTES + MAX_RATIO * packed:
        raise refusal("bomb", BOMB)
    for member in files:
        parts = PurePosixPath(member.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in member.filename:
            raise refusal(
                "unsafe_member",
                "a file in the archive has a path that leads out of it; "
                "do not trust it, or pack the files anew",
            )
        if member.flag_bits & ENCRYPTED:
            raise refusal(
                "encrypted", "the archive is encrypted; unpack it with its password"
            )


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    try:
        # Opening a pipe would wait for whoever writes to it.
        if path.exists() and not path.is_file():
            raise refusal("unreadable", "it is not a file")
        file = path.open("rb")
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise refusal("unreadable", f"it cannot be read: {reason}") from error
    with file:
        try:
            yield file
        except OSError as error:
            raise refusal("unreadable", f"it cannot be read: {error}") from error


@contextmanager
def _member(file: IO[bytes], name: str) -> Iterator[tuple[IO[bytes], int]]:
    try:
        with zipfile.ZipFile(file) as archive:
            info = archive.getinfo(name)
            with archive.open(info) as content:
                yield content, info.file_size
    except InvalidInput:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError) as error:
        raise refusal("damaged", DAMAGED) from error
