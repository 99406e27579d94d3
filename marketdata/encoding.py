"""Candles as bytes: one Arrow IPC stream, compressed with lz4.

A block holds the steps between the open times, which compress to almost nothing where
no bar is missing; the times themselves took 3 bytes a bar and a fifth of the decoding.
Measured on 1,000,000 minute bars (bench/README.md): lz4 takes 26 bytes a bar where zstd
takes 20, and decodes in half the time, for which every backtest waits. Arrow IPC
describes itself, so that any tool can read a block.
"""

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc

from marketdata.ohlcv import COLUMNS, Ohlcv

# The first step is the first open time itself, milliseconds UTC.
STORED = ["time_step", *COLUMNS[1:]]
_OPTIONS = ipc.IpcWriteOptions(compression=pa.Codec("lz4"))


def encode(ohlcv: Ohlcv) -> bytes:
    """Return the candles as a self-describing compressed buffer."""
    step = np.diff(ohlcv.time, prepend=0)
    columns = [pa.array(column) for column in (step, *list(ohlcv)[1:])]
    batch = pa.record_batch(columns, names=STORED)
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
        if batch.schema.names != STORED:
            raise ValueError(f"not a block of candles: {batch.schema.names}")
        stop = start + bars
        np.cumsum(batch.column(0).to_numpy(), out=columns[0][start:stop])
        for index in range(1, len(columns)):
            columns[index][start:stop] = batch.column(index).to_numpy()
        start = stop
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
