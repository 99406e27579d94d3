"""Ohlcv: the candles of one series as immutable NumPy columns."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

COLUMNS = ("time", "open", "high", "low", "close", "volume")


def _column(values: ArrayLike, dtype: type) -> NDArray[Any]:
    """Return a contiguous, read-only view; the caller's own array stays writable."""
    array: NDArray[Any] = np.ascontiguousarray(values, dtype=dtype).view()
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Ohlcv:
    """Candles in time order.

    ``time`` is the bar's open time, int64 milliseconds UTC, strictly increasing; the
    other columns are float64 of the same length. Every column is read-only and
    contiguous. Prices are not judged here: see ``marketdata.quality``.

    Raises ``ValueError`` for columns of different length or times out of order.
    """

    time: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]

    def __post_init__(self) -> None:
        for field in fields(self):
            dtype = np.int64 if field.name == "time" else np.float64
            column = _column(getattr(self, field.name), dtype)
            if column.ndim != 1 or len(column) != len(self.time):
                raise ValueError(
                    f"column {field.name} must be one-dimensional with "
                    f"{len(self.time)} values"
                )
            object.__setattr__(self, field.name, column)
        if len(self.time) > 1 and not (self.time[1:] > self.time[:-1]).all():
            raise ValueError("time must be strictly increasing")

    @classmethod
    def empty(cls) -> "Ohlcv":
        none = np.empty(0)
        return cls(none.astype(np.int64), none, none, none, none, none)

    @classmethod
    def concatenate(cls, parts: list["Ohlcv"]) -> "Ohlcv":
        """Join parts that follow each other in time."""
        if not parts:
            return cls.empty()
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def __len__(self) -> int:
        return len(self.time)

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """Yield the columns in the order of ``COLUMNS``."""
        return iter(getattr(self, name) for name in COLUMNS)

    def slice(self, start: int, stop: int) -> "Ohlcv":
        """Return bars [start, stop) by position, without copying."""
        return Ohlcv(*(column[start:stop] for column in self))

    def between(self, start_ms: int | None, end_ms: int | None) -> "Ohlcv":
        """Return the bars that open in [start_ms, end_ms); None leaves a side open."""
        first = 0 if start_ms is None else int(np.searchsorted(self.time, start_ms))
        last = len(self) if end_ms is None else int(np.searchsorted(self.time, end_ms))
        return self.slice(first, max(first, last))
