"""Columns as files: CSV, Parquet and Feather, in pieces that never add up in memory.

A column called time or date (or ending in _time) holds int64 milliseconds UTC; it is
written as ISO 8601 in CSV and as a UTC timestamp in the others. NaN is an absent value.
A column of objects holds texts that may hold anything, so that CSV has to quote.
"""

from collections.abc import Buffer, Iterator
from io import BytesIO
from typing import Any

import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute, csv, feather, parquet

from botforge.arrow import Table

PIECE = 65_536
UTC_MS = pa.timestamp("ms", "UTC")
_CSV = csv.WriteOptions(include_header=False, quoting_style="none")
_QUOTED = csv.WriteOptions(include_header=False, quoting_style="needed")


class _Outlet(BytesIO):
    """A file that only goes forward: what was written is taken out in between."""

    def __init__(self) -> None:
        super().__init__()
        self.position = 0
        self.pending: list[bytes] = []

    def write(self, data: Buffer, /) -> int:
        piece = bytes(data)
        self.position += len(piece)
        self.pending.append(piece)
        return len(piece)

    def tell(self) -> int:
        return self.position

    def take(self) -> bytes:
        taken, self.pending = b"".join(self.pending), []
        return taken


def arrow_table(columns: Table) -> pa.Table:
    """Return the columns as an Arrow table, times as timestamps, NaN as null."""
    arrays = [_arrow_column(name, values) for name, values in columns.items()]
    return pa.table(arrays, names=list(columns))


def _arrow_column(name: str, values: NDArray[Any]) -> "pa.Array[Any]":
    if is_time(name):
        moments: pa.Array[Any] = pa.array(values).cast(UTC_MS)
        return moments
    # Of no rows Arrow could not tell that they would have been texts.
    kind = pa.string() if values.dtype == object else None
    column: pa.Array[Any] = pa.array(values, kind, from_pandas=True)
    return column


def is_time(name: str) -> bool:
    return name in ("time", "date") or name.endswith("_time")


def csv_pieces(columns: Table) -> Iterator[bytes]:
    """Yield the columns as CSV with a header line."""
    yield (",".join(columns) + "\n").encode()
    free_text = any(values.dtype == object for values in columns.values())
    options = _QUOTED if free_text else _CSV
    for piece in _pieces(columns):
        table = arrow_table(piece)
        for index, name in enumerate(table.column_names):
            if is_time(name):
                # Without a zone, which would have to be looked up: it is UTC.
                whole = table.column(index).cast(pa.timestamp("s"), safe=False)
                text = compute.strftime(
                    whole,  # type: ignore[arg-type] # the stubs know no chunks of times
                    format="%Y-%m-%dT%H:%M:%SZ",
                )
                table = table.set_column(index, name, text)
        sink = BytesIO()
        csv.write_csv(table, sink, options)
        yield sink.getvalue()


def parquet_pieces(columns: Table) -> Iterator[bytes]:
    """Yield the columns as a Parquet file, one row group at a time."""
    outlet = _Outlet()
    schema = arrow_table(_cut(columns, 0, 0)).schema
    with parquet.ParquetWriter(outlet, schema, compression="zstd") as writer:
        for piece in _pieces(columns):
            writer.write_table(arrow_table(piece))
            yield outlet.take()
    yield outlet.take()


def feather_pieces(columns: Table) -> Iterator[bytes]:
    """Yield the columns as a Feather file, which is made in one piece."""
    sink = BytesIO()
    feather.write_feather(arrow_table(columns), sink, compression="lz4")
    yield sink.getvalue()


def _pieces(columns: Table) -> Iterator[Table]:
    rows = len(next(iter(columns.values())))
    for start in range(0, rows, PIECE):
        yield _cut(columns, start, start + PIECE)


def _cut(columns: Table, start: int, stop: int) -> Table:
    return {name: values[start:stop] for name, values in columns.items()}
