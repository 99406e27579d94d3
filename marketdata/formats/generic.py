"""CSV with a header that names the columns."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from pyarrow import csv

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles
from marketdata.formats.base import check_rows
from marketdata.formats.cells import numbers, times

# The exact ones first: where a file has several, the text repeats the number.
TIME_NAMES = ("open_time", "timestamp", "unix", "time", "datetime", "date")
VALUE_NAMES = ("open", "high", "low", "close", "volume")
DELIMITERS = (",", ";", "\t")
HEADER_BYTES = 10_000


class GenericCsv:
    """Columns by name in any order and letter case; others are ignored.

    Times are open times: Unix numbers whose unit is told by their size, or ISO 8601
    text, which is UTC where it carries no offset. One line is one row.
    """

    name = "generic_csv"

    def matches(self, head: bytes) -> bool:
        header = _header(head)
        return header is not None and _time_column(header[1]) is not None

    def read(self, path: Path) -> RawCandles:
        with path.open("rb") as file:
            first_line = file.readline(HEADER_BYTES)
            empty = not file.read(HEADER_BYTES).strip()
        header = _header(first_line)
        if header is None:
            raise _unusable("its first line is not a header")
        delimiter, names = header
        time_name = _time_column(names)
        missing = [name for name in VALUE_NAMES if name not in names]
        if time_name is None or missing:
            raise _unusable(f"its header lacks {', '.join(missing) or 'a time column'}")
        if empty:
            return RawCandles.empty()
        lines = _Lines(path, len(first_line), delimiter, names)
        wanted = (time_name, *VALUE_NAMES)
        try:
            parts = [
                (times(batch.column(0)), *(numbers(c) for c in batch.columns[1:]))
                for batch in lines.batches(wanted)
            ]
        except pa.ArrowInvalid as error:
            raise _unusable("a line is too long, or is not UTF-8 text") from error
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        if not columns:
            columns = [np.empty(0)] * len(wanted)
        return RawCandles(*columns, ragged=lines.ragged)


class _Lines:
    """The lines after the header, a block at a time; ``ragged`` counts the misfits.

    Quotes mean nothing here, so that an unclosed one cannot swallow the lines after
    it; ``cells`` takes them off a value.
    """

    def __init__(
        self, path: Path, offset: int, delimiter: str, names: list[str]
    ) -> None:
        self._path = path
        self._offset = offset
        self._names = names
        self._layout = csv.ParseOptions(
            delimiter=delimiter,
            quote_char=False,
            double_quote=False,
            invalid_row_handler=self._skip,
        )
        self.ragged = 0

    def batches(self, wanted: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
        """Yield the wanted columns as text; ``ArrowInvalid`` where that fails."""
        convert = csv.ConvertOptions(
            include_columns=list(wanted),
            column_types=dict.fromkeys(wanted, pa.string()),
        )
        rows = 0
        with self._path.open("rb") as file:
            file.seek(self._offset)
            reader = csv.open_csv(
                file,
                csv.ReadOptions(column_names=self._names),
                self._layout,
                convert,
            )
            for batch in reader:
                rows += batch.num_rows
                check_rows(rows + self.ragged)
                yield batch

    def _skip(self, row: csv.InvalidRow) -> Literal["skip"]:
        self.ragged += 1
        return "skip"


def _header(head: bytes) -> tuple[str, list[str]] | None:
    """Return the delimiter and lower-case names of the first line, if it has any."""
    first_line, newline, _ = head.partition(b"\n")
    if not newline and len(head) >= HEADER_BYTES:
        return None
    try:
        line = first_line.decode("utf-8-sig").strip("\r\n ")
    except UnicodeDecodeError:
        return None
    delimiter = max(DELIMITERS, key=line.count)
    names = [name.strip().strip('"').lower() for name in line.split(delimiter)]
    if "\0" in line or len(names) < len(VALUE_NAMES) + 1:
        return None
    named = [name for name in names if name in TIME_NAMES + VALUE_NAMES]
    return (delimiter, names) if len(set(named)) == len(named) else None


def _time_column(names: list[str]) -> str | None:
    return next((name for name in TIME_NAMES if name in names), None)


def _unusable(why: str) -> InvalidInput:
    return InvalidInput.field(
        "file",
        "not_candles",
        f"This CSV file does not hold candles: {why}. It needs a header with "
        f"one of {', '.join(TIME_NAMES)} and {', '.join(VALUE_NAMES)}.",
    )
