"""freqtrade's Feather files: date (open time), open, high, low, close, volume."""

from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles
from marketdata.formats.base import check_rows

COLUMNS = ("date", "open", "high", "low", "close", "volume")
# Any Arrow IPC file begins so; the columns decide whether it holds candles.
MAGIC = b"ARROW1"


class FreqtradeFeather:
    """Arrow IPC, compressed or not; the unit of ``date`` is read from the schema."""

    name = "freqtrade_feather"

    def matches(self, head: bytes) -> bool:
        return head.startswith(MAGIC)

    def read(self, path: Path) -> RawCandles:
        try:
            with path.open("rb") as file:
                table = _table(file)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _unusable("it is damaged or cut off") from error
        try:
            prices = [table[name].cast(pa.float64()) for name in COLUMNS[1:]]
            return RawCandles(
                _times(table["date"]),
                *(np.array(column, np.float64) for column in prices),
            )
        except pa.ArrowException as error:
            raise _unusable(
                "a column holds something else than times and numbers"
            ) from error


def _table(file: BufferedReader) -> pa.Table:
    """Read the columns of candles a batch at a time, and nothing else."""
    names = ipc.open_file(file).schema.names
    for name in COLUMNS:
        if names.count(name) != 1:
            how = "more than one column" if name in names else "no column"
            raise _unusable(f"it has {how} {name}")
    wanted = sorted(names.index(name) for name in COLUMNS)
    reader = ipc.open_file(file, options=ipc.IpcReadOptions(included_fields=wanted))
    batches = []
    rows = 0
    for index in range(reader.num_record_batches):
        batch = reader.get_batch(index)
        # A damaged buffer must not be read beyond its end.
        batch.validate(full=True)
        rows += batch.num_rows
        check_rows(rows)
        batches.append(batch)
    return pa.Table.from_batches(batches, reader.schema)


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
    return InvalidInput.field(
        "file",
        "not_candles",
        f"This Feather file does not hold candles: {why}. "
        f"It needs the columns {', '.join(COLUMNS)}.",
    )
