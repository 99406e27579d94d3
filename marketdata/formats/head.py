"""The first bytes of a file, by which its layout is known."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from marketdata.formats.refusing import refusal
from marketdata.formats.sources import Source

HEAD_BYTES = 64_000
DELIMITERS = (",", ";", "\t", "|")
COMMENT = ("#", "//")
# An address, and what tells a spreadsheet the delimiter.
BANNER = ("http:", "https:", "sep=")
MAX_PREAMBLE = 50
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Head:
    """What stands at the beginning of ``source``."""

    source: Source
    content: bytes
    complete: bool = field(default=False)

    @classmethod
    def of(cls, source: Source) -> "Head":
        with source.open() as stream:
            content = b""
            while len(content) < HEAD_BYTES:
                block = stream.read(HEAD_BYTES - len(content))
                if not block:
                    return cls(source, content, complete=True)
                content += block
        return cls(source, content)

    @cached_property
    def lines(self) -> list[str]:
        """The complete lines, without their ends; "" for a blank one."""
        text = self.content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        lines = text.split("\n")
        if not self.complete or not lines[-1]:
            lines.pop()
        return [line.strip("\r") for line in lines]

    @cached_property
    def preamble(self) -> int:
        """How many lines stand before the table: a banner, comments, blank lines."""
        for number, line in enumerate(self.lines[:MAX_PREAMBLE]):
            text = line.strip().strip('"')
            if text and not text.startswith((*COMMENT, *BANNER)):
                return number
        return 0

    @cached_property
    def delimiter(self) -> str:
        first = self.lines[self.preamble] if self.lines else ""
        return max(DELIMITERS, key=first.count)

    @cached_property
    def first_row(self) -> list[str]:
        return self._cells(self.lines[self.preamble]) if self.lines else []

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The lower-case names of the columns; none where the table has no header."""
        cells = [cell.strip().strip('"').strip().lower() for cell in self.first_row]
        numbers = sum(_is_number(cell) for cell in cells)
        return () if numbers > len(cells) // 3 else tuple(cells)

    @cached_property
    def rows(self) -> list[list[str]]:
        """The cells of the lines below the header that are not blank."""
        begin = self.preamble + bool(self.names)
        return [self._cells(line) for line in self.lines[begin:] if line.strip()]

    def column(self, position: int) -> list[str]:
        """Return the cells of one column, without those that are empty."""
        cells = (row[position].strip() for row in self.rows if len(row) > position)
        return [cell for cell in cells if cell]

    def _cells(self, line: str) -> list[str]:
        return split(line, self.delimiter)


def split(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line; a quote that is not closed ends with it."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    except (csv.Error, StopIteration):
        return line.split(delimiter)


def mostly(cells: list[str], fits: Callable[[str], object]) -> bool:
    """Say whether nearly all cells fit; a damaged row makes no other format."""
    return bool(cells) and sum(bool(fits(cell)) for cell in cells) > 0.9 * len(cells)


def check_text(content: bytes) -> None:
    """Refuse what is plainly no text of candles, and say what it is."""
    start = content[:512].lstrip().lower()
    if content.startswith(BYTE_ORDER_MARKS):
        raise refusal("not_utf8", "it is UTF-16 text; save it as UTF-8")
    if start.startswith((b"pk\x03\x04", b"\x1f\x8b", b"bzh", b"\xfd7zxz", b"7z\xbc")):
        raise refusal("nested", "it is an archive inside another; unpack it first")
    if content.startswith(b"FEA1"):
        raise refusal(
            "not_text", "it is Feather of the first version; write it as Feather V2"
        )
    if b"\0" in content:
        raise refusal(
            "not_text",
            "it holds NUL bytes, so it is damaged or no text; fetch it again",
        )
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise refusal(
            "not_candles", "it is a web page, not candles; download the file itself"
        )


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return cell.lower() not in ("nan", "inf", "infinity")
