"""Result tables as bytes: one Arrow IPC stream each, compressed with zstd."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc

_OPTIONS = ipc.IpcWriteOptions(compression=pa.Codec("zstd", 1))

type Table = Mapping[str, NDArray[Any]]


def encode_table(columns: Table) -> bytes:
    """Return the columns, all of one length, as a self-describing buffer."""
    arrays = [pa.array(column) for column in columns.values()]
    batch = pa.record_batch(arrays, names=list(columns))
    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, batch.schema, options=_OPTIONS) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def decode_table(buffer: bytes | memoryview) -> dict[str, NDArray[Any]]:
    """Return the columns of a buffer that ``encode_table`` made."""
    batch = ipc.open_stream(pa.py_buffer(buffer)).read_next_batch()
    return {
        name: column.to_numpy(zero_copy_only=False)
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    }


def structured_columns(records: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the fields of a structured array as contiguous columns."""
    names = records.dtype.names or ()
    return {name: records[name].copy() for name in names}
