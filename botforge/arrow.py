"""Columns as bytes: one Arrow IPC stream, compressed and self-describing."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc

# Fast to read, for what every backtest waits for; and small, for what is read once.
FAST = ipc.IpcWriteOptions(compression=pa.Codec("lz4"))
SMALL = ipc.IpcWriteOptions(compression=pa.Codec("zstd", 1))

type Table = Mapping[str, NDArray[Any]]


def encode_columns(columns: Table, options: ipc.IpcWriteOptions) -> bytes:
    """Return the columns, all of one length, as a self-describing buffer."""
    arrays = [pa.array(column) for column in columns.values()]
    batch = pa.record_batch(arrays, names=list(columns))
    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def decode_columns(buffer: bytes | memoryview) -> dict[str, NDArray[Any]]:
    """Return the columns of a buffer, as views into it where that is possible."""
    batch = ipc.open_stream(pa.py_buffer(buffer)).read_next_batch()
    return {
        name: column.to_numpy(zero_copy_only=False)
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    }
