"""Lines of text as columns of cells, a block at a time, with their line numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from marketdata.cleaning import FIRST_LINES
from marketdata.formats.cells import Cells
from marketdata.formats.head import COMMENT, check_text, split
from marketdata.formats.layout import Layout
from marketdata.formats.refusing import refusal
from marketdata.formats.sources import Readable

BLOCK_BYTES = 2_000_000
# Lines that may be blank or comments, beside one for each row.
MAX_IDLE = 100_000
MOSTLY_IDLE = "most of its lines are blank or comments; look at it"
TOO_LONG = "a line is longer than any row of candles; it is damaged or no such table"


@dataclass(frozen=True, slots=True)
class Batch:
    """The wanted columns of some rows as text, and the line of each row."""

    columns: Sequence[Cells]
    line: NDArray[np.int64]


class Lines:
    """The rows below the header.

    A row that lacks cells is filled up with empty ones; cells that are too many are
    left out and the row is noted in ``long``. Blank lines, comments and repeats of the
    header are no rows, and neither is a last line that was cut off: noted in ``cut``.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._header = [name.lower() for name in layout.header]
        self._next_line = 1
        self.rows = 0
        self.long: list[int] = []
        self.long_rows = 0
        self.headers: list[int] = []
        self.cut: int | None = None

    def batches(self, stream: Readable) -> Iterator[Batch]:
        """Yield the rows; ``InvalidInput`` for what is no text or has no lines."""
        skip = self._layout.skip
        for block in blocks(stream):
            check_text(block)
            while skip and block:
                _, _, block = block.partition(b"\n")
                skip -= 1
                self._next_line += 1
            if block:
                batch = self._plain(block) or self._careful(block)
                self.rows += len(batch.line)
                if self._next_line > MAX_IDLE + 2 * self.rows:
                    raise refusal("not_candles", MOSTLY_IDLE)
                yield batch

    def _plain(self, block: bytes) -> Batch | None:
        """Parse a block at once; None if a line of it needs a closer look."""
        lines = block.count(b"\n") + (not block.endswith(b"\n"))
        if b'"' in block or self._repeats_header(block):
            return None
        misfits = 0

        def misfit(row: csv.InvalidRow) -> Literal["skip"]:
            nonlocal misfits
            misfits += 1
            return "skip"

        names = [str(position) for position in range(self._layout.cells)]
        wanted = [str(position) for position in self._layout.wanted]
        try:
            table = csv.read_csv(
                BytesIO(block),
                csv.ReadOptions(
                    column_names=names, block_size=len(block) + 1, use_threads=False
                ),
                csv.ParseOptions(
                    delimiter=self._layout.delimiter,
                    quote_char=False,
                    double_quote=False,
                    invalid_row_handler=misfit,
                ),
                csv.ConvertOptions(
                    include_columns=list(dict.fromkeys(wanted)),
                    column_types=dict.fromkeys(wanted, pa.string()),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            return None
        if misfits or table.num_rows != lines:
            return None
        columns: list[Any] = [table[name].combine_chunks() for name in wanted]
        line = np.arange(self._next_line, self._next_line + lines)
        self._next_line += lines
        return Batch(columns, line)

    def _repeats_header(self, block: bytes) -> bool:
        # A value's name, because the time column may have none.
        names = self._layout.header
        return bool(names) and names[self._layout.columns[4]].encode() in block.lower()

    def _careful(self, block: bytes) -> Batch:
        """Look at each line of a block."""
        try:
            text = block.decode()
        except UnicodeDecodeError as error:
            raise refusal(
                "not_utf8", "it is not UTF-8 text; save it as such"
            ) from error
        ends = text.endswith("\n")
        lines = text.removesuffix("\n").split("\n")
        kept: list[list[str]] = []
        numbers = []
        for offset, line in enumerate(lines):
            if not line:
                continue
            number = self._next_line + offset
            last = not ends and offset == len(lines) - 1
            cells = self._row(line.rstrip("\r"), number, last=last)
            if cells is not None:
                kept.append(cells)
                numbers.append(number)
        self._next_line += len(lines)
        columns = [
            pa.array([cells[position] for cells in kept], pa.string())
            for position in self._layout.wanted
        ]
        return Batch(columns, np.array(numbers, dtype=np.int64))

    def _row(self, line: str, number: int, *, last: bool) -> list[str] | None:
        """Return the cells of a line, as many as there are columns; None if no row."""
        text = line.strip()
        if not text or text.startswith(COMMENT):
            return None
        cells = split(line, self._layout.delimiter)
        missing = self._layout.cells - len(cells)
        if missing == 0 and self._header and self._is_header(cells):
            self.headers.append(number)
            return None
        if missing > 0:
            if last:
                self.cut = number
                return None
            return cells + [""] * missing
        if missing < 0:
            self.long_rows += 1
            if len(self.long) < FIRST_LINES:
                self.long.append(number)
        return cells

    def _is_header(self, cells: list[str]) -> bool:
        return [cell.strip().strip('"').strip().lower() for cell in cells] == (
            self._header
        )


def blocks(stream: Readable) -> Iterator[bytes]:
    """Yield blocks of whole lines; the last may lack its end."""
    rest = b""
    first = True
    while block := stream.read(BLOCK_BYTES):
        if first:
            block, first = block.removeprefix(b"\xef\xbb\xbf"), False
        end = block.rfind(b"\n") + 1
        if not end:
            rest += block
            if len(rest) > BLOCK_BYTES:
                raise refusal("long_line", TOO_LONG)
            continue
        yield rest + block[:end]
        rest = block[end:]
    if rest:
        yield rest
