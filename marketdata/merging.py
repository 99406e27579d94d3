"""Merging new candles into old ones: what is new, what changes, what stays."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketdata.ohlcv import Ohlcv


class OnConflict(StrEnum):
    """What happens to a stored candle for which other values arrive."""

    REPLACE = "replace"
    KEEP = "keep"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged candles and how many of the incoming were new, changed or the same.

    ``first_changed_ms`` is the time of the earliest conflict, None without one.
    """

    ohlcv: Ohlcv
    new: int
    changed: int
    unchanged: int
    first_changed_ms: int | None


def merge(stored: Ohlcv, incoming: Ohlcv, on_conflict: OnConflict) -> Merge:
    """Return ``stored`` with ``incoming`` merged in; both are in time order.

    ``changed`` counts the conflicts, also where KEEP leaves the stored values.
    """
    position = np.searchsorted(stored.time, incoming.time)
    known = np.zeros(len(incoming), dtype=np.bool_)
    inside = position < len(stored)
    known[inside] = stored.time[position[inside]] == incoming.time[inside]
    differs = np.zeros(len(incoming), dtype=np.bool_)
    for old, new in zip(stored, incoming, strict=True):
        differs[known] |= ~_same(old[position[known]], new[known])
    taken = ~known if on_conflict is OnConflict.KEEP else ~known | differs
    merged = stored
    if taken.any():
        kept = np.ones(len(stored), dtype=np.bool_)
        kept[position[taken & known]] = False
        merged = _interleave(stored, kept, incoming, taken)
    changed = int(differs.sum())
    new_bars = int((~known).sum())
    first_changed = int(incoming.time[np.argmax(differs)]) if changed else None
    unchanged = len(incoming) - new_bars - changed
    return Merge(merged, new_bars, changed, unchanged, first_changed)


def _same(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    """Compare as values; two missing volumes are the same."""
    same: NDArray[np.bool_] = (a == b) | ((a != a) & (b != b))
    return same


def _interleave(
    a: Ohlcv, take_a: NDArray[np.bool_], b: Ohlcv, take_b: NDArray[np.bool_]
) -> Ohlcv:
    columns = [
        np.concatenate([x[take_a], y[take_b]]) for x, y in zip(a, b, strict=True)
    ]
    order = np.argsort(columns[0], kind="stable")
    return Ohlcv(*(column[order] for column in columns))
