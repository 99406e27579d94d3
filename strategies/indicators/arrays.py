"""Columns: what an indicator takes and returns, and how undefined values part them."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Runs whose ends are Python's numbers at a time, which are large.
_BLOCK = 10_000

type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]


def column(values: Floats) -> Floats:
    """Return a contiguous, read-only view.

    A kernel that always gets the same layout is compiled once, not once per mixture
    of writable and read-only arguments.
    """
    array = np.ascontiguousarray(values, dtype=np.float64).view()
    array.flags.writeable = False
    return array


def flags(values: Bools) -> Bools:
    """Return a contiguous, read-only view of truth values."""
    array = np.ascontiguousarray(values, dtype=np.bool_).view()
    array.flags.writeable = False
    return array


def several(
    call: Callable[..., Any], outputs: int, lookback: int, *columns: Floats
) -> tuple[Floats, ...]:
    """Return the outputs of ``call`` over each run of finite values by itself.

    A NaN or an infinity in any column gives NaN, and the next finite value counts as
    the start of the data: a window that holds an undefined value is undefined, an
    average with a memory starts again. A run of at most ``lookback`` bars is all NaN.
    TA-Lib alone would stay NaN to the end for one function and answer from stale sums
    for another.
    """
    given = [column(values) for values in columns]
    finite = np.isfinite(given[0])
    for values in given[1:]:
        finite &= np.isfinite(values)
    bars = len(finite)
    if bars > lookback and finite.all():
        return _tuple(call(*given))
    results = tuple(np.full(bars, np.nan) for _ in range(outputs))
    for start, stop in _runs(finite, lookback + 1):
        parts = _tuple(call(*(values[start:stop] for values in given)))
        for result, part in zip(results, parts, strict=True):
            result[start:stop] = part
    return results


def one(call: Callable[..., Any], lookback: int, *columns: Floats) -> Floats:
    """Return the only output of ``call``; see ``several``."""
    (result,) = several(call, 1, lookback, *columns)
    return result


def shift(values: Floats, bars: int) -> Floats:
    """Return the values ``bars`` bars later, NaN before."""
    shifted = np.full(len(values), np.nan)
    shifted[bars:] = values[: max(len(values) - bars, 0)]
    return shifted


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Return the quotient, NaN where the denominator is zero."""
    result = np.full(len(numerator), np.nan)
    np.divide(numerator, denominator, out=result, where=denominator != 0)
    return result


def _runs(defined: Bools, shortest: int) -> Iterator[tuple[int, int]]:
    """Yield [start, stop) of the runs of at least ``shortest`` true values."""
    edges = np.diff(defined, prepend=False, append=False).nonzero()[0].reshape(-1, 2)
    long_enough = edges[edges[:, 1] - edges[:, 0] >= shortest]
    for first in range(0, len(long_enough), _BLOCK):
        yield from long_enough[first : first + _BLOCK].tolist()


def _tuple(result: Any) -> tuple[Floats, ...]:
    return result if isinstance(result, tuple) else (result,)
