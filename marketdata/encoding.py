"""Candles as bytes: one Arrow IPC stream, compressed with zstd.

Measured on 1,000,000 minute bars (bench/README.md): 23 bytes a bar, 55 ms to decode
in blocks of 8,192. lz4 decodes in 39 ms but takes 32 bytes; Parquet with split byte
streams takes 28 bytes and 101 ms. Arrow IPC describes itself, so that any tool can
read a block.
"""

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc

from marketdata.ohlcv import COLUMNS, Ohlcv

_OPTIONS = ipc.IpcWriteOptions(compression=pa.Codec("zstd", 1))


def encode(ohlcv: Ohlcv) -> bytes:
    """Return the candles as a self-describing compressed buffer."""
    batch = pa.record_batch([pa.array(column) for column in ohlcv], names=list(COLUMNS))
    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, batch.schema, options=_OPTIONS) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def decode_all(blocks: list[tuple[int, bytes | memoryview]]) -> Ohlcv:
    """Return the candles of consecutive blocks, each given as (bars, buffer).

    The columns are allocated once at their full length: no block is copied twice.
    """
    total = sum(bars for bars, _ in blocks)
    columns: list[NDArray[Any]] = [
        np.empty(total, np.int64 if name == "time" else np.float64) for name in COLUMNS
    ]
    start = 0
    for bars, buffer in blocks:
        batch = ipc.open_stream(pa.py_buffer(buffer)).read_next_batch()
        for index, column in enumerate(columns):
            column[start : start + bars] = batch.column(index).to_numpy()
        start += bars
    return Ohlcv(*columns)


def content_hash(ohlcv: Ohlcv) -> str:
    """Return the SHA-256 of the values, whatever the encoding of the buffer.

    Values that compare as the same hash the same: 0.0 and -0.0, every kind of NaN.
    """
    digest = hashlib.sha256(ohlcv.time.astype("<i8", copy=False))
    for name in COLUMNS[1:]:
        column = getattr(ohlcv, name) + 0.0
        column[np.isnan(column)] = np.nan
        digest.update(column.astype("<f8", copy=False))
    return digest.hexdigest()
