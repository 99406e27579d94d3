"""Columns as bytes: one Arrow IPC stream, compressed and self-describing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc

# Fast to read, for what every backtest waits for; and small, for what is read once.
FAST = ipc.IpcWriteOptions(compression=pa.Codec("lz4"))
SMALL = ipc.IpcWriteOptions(compression=pa.Codec("zstd", 1))
# A block is so small that handing its columns to threads takes twice as long as
# unpacking them one after another.
READ = ipc.IpcReadOptions(use_threads=False)

type Table = Mapping[str, NDArray[Any]]


def encode_columns(columns: Table, options: ipc.IpcWriteOptions) -> bytes:
    """Return the columns, all of one length, as a self-describing buffer."""
    arrays = [_wrapped(column) for column in columns.values()]
    batch = pa.record_batch(arrays, names=list(columns))
    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def _wrapped(column: NDArray[Any]) -> "pa.Array[Any]":
    """Return the numbers of a column as an Arrow array, without copying them.

    ``pa.array`` would import pandas to ask whether it was given a Series: a second of
    every job, which runs in a process of its own.
    """
    if column.dtype.kind not in "iuf":
        raise TypeError(f"only numbers are stored in columns, not {column.dtype}")
    values = np.ascontiguousarray(column)
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def decode_columns(buffer: bytes | memoryview) -> dict[str, NDArray[Any]]:
    """Return the columns of a buffer, as views into it where that is possible."""
    stream = ipc.open_stream(pa.py_buffer(buffer), options=READ)
    batch = stream.read_next_batch()
    return {
        name: _unwrapped(column)
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    }


def _unwrapped(column: "pa.Array[Any]") -> NDArray[Any]:
    """Return a view of an Arrow array's numbers; ``to_numpy`` would import pandas."""
    kind = np.dtype(column.type.to_pandas_dtype())
    if kind.kind not in "iuf" or column.null_count:
        raise ValueError("a stored column holds something else than numbers")
    values = column.buffers()[1]
    if values is None or len(column) == 0:
        return np.empty(0, kind)
    return np.frombuffer(values, kind, len(column), column.offset * kind.itemsize)
