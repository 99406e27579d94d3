"""freqtrade's Feather and Parquet files: date (open time) and five columns."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc, parquet

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles
from marketdata.formats.base import Found, Progress, Table, check_rows
from marketdata.formats.freqtrade_names import facts_of
from marketdata.formats.head import Head
from marketdata.formats.refusing import refusal
from marketdata.formats.sources import Source
from marketdata.formats.wishes import Wishes

COLUMNS = ("date", "open", "high", "low", "close", "volume")
FEATHER, PARQUET = b"ARROW1", b"PAR1"
# Of a file inside an archive, which must be held in memory to be read.
MAX_PACKED = 512_000_000
CHUNK = 4_000_000


class FreqtradeFeather:
    """Arrow IPC, compressed or not; the unit of ``date`` is read from the schema."""

    name = "freqtrade_feather"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        if not head.content.startswith(FEATHER):
            return None
        facts = facts_of(head.source)
        return Found(facts, partial(_read, head.source, _feather))


class FreqtradeParquet:
    """The same columns as Parquet."""

    name = "freqtrade_parquet"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        if not head.content.startswith(PARQUET):
            return None
        facts = facts_of(head.source)
        return Found(facts, partial(_read, head.source, _parquet))


def _read(source: Source, batches: Any, progress: Progress) -> Table:
    try:
        with _seekable(source) as file:
            parts = []
            rows = 0
            for batch in batches(file):
                rows += batch.num_rows
                check_rows(rows)
                parts.append(batch.select(list(COLUMNS)))
                progress(rows, rows)
        table = pa.Table.from_batches(parts, parts[0].schema) if parts else None
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise _unusable("it is damaged or cut off") from error
    if table is None:
        return Table(RawCandles.empty())
    try:
        prices = [table[name].cast(pa.float64()) for name in COLUMNS[1:]]
        raw = RawCandles(
            _times(table["date"]),
            *(np.array(column, np.float64) for column in prices),
        )
    except pa.ArrowException as error:
        raise _unusable("a column holds something else than times and numbers") from (
            error
        )
    return Table(raw)


@contextmanager
def _seekable(source: Source) -> Iterator[Any]:
    if not source.packed:
        with source.path.open("rb") as file:
            yield file
        return
    content = bytearray()
    with source.open() as stream:
        while block := stream.read(CHUNK):
            content += block
            if len(content) > MAX_PACKED:
                raise refusal("too_large", "it is too large in an archive; unpack it")
    yield pa.BufferReader(content)


def _feather(file: Any) -> Iterator[pa.RecordBatch]:
    names = ipc.open_file(file).schema.names
    _check_columns(names)
    wanted = sorted(names.index(name) for name in COLUMNS)
    reader = ipc.open_file(file, options=ipc.IpcReadOptions(included_fields=wanted))
    for index in range(reader.num_record_batches):
        batch = reader.get_batch(index)
        # A damaged buffer must not be read beyond its end.
        batch.validate(full=True)
        yield batch


def _parquet(file: Any) -> Iterator[pa.RecordBatch]:
    reader = parquet.ParquetFile(file)
    _check_columns(reader.schema_arrow.names)
    check_rows(reader.metadata.num_rows)
    yield from reader.iter_batches(columns=list(COLUMNS))


def _check_columns(names: list[str]) -> None:
    for name in COLUMNS:
        if names.count(name) != 1:
            how = "more than one column" if name in names else "no column"
            raise _unusable(f"it has {how} {name}")


def _times(date: "pa.ChunkedArray[Any]") -> NDArray[np.float64]:
    """Return milliseconds UTC, rounded down: pandas writes s, ms, us or ns."""
    if not pa.types.is_timestamp(date.type):
        date = date.cast(pa.timestamp("ms"))
    missing = np.array(date.is_null(), np.bool_)
    ticks = np.array(date.cast(pa.int64()).fill_null(pa.scalar(0)), np.int64)
    match date.type.unit:
        case "s":
            times = ticks.astype(np.float64) * 1e3
        case "ms":
            times = ticks.astype(np.float64)
        case "us":
            times = (ticks // 1_000).astype(np.float64)
        case _:
            times = (ticks // 1_000_000).astype(np.float64)
    times[missing] = np.nan
    return times


def _unusable(why: str) -> InvalidInput:
    return refusal(
        "not_candles",
        f"it does not hold candles: {why}. It needs the columns {', '.join(COLUMNS)}",
    )
