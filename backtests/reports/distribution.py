"""How the returns of trades are distributed."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# About so many columns between the quantiles that are shown one by one.
COLUMNS = 32
SHOWN = (0.01, 0.99)
NARROWEST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Counts of trades by return: column i holds [edges[i], edges[i + 1]).

    Zero is an edge, so that no column mixes gains with losses. The first and the last
    column also hold all that lies beyond them when ``open_ended``.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    open_ended: bool


def distribution_of(returns: NDArray[np.float64]) -> Distribution | None:
    """Return the distribution of returns (fractions); None of no trades."""
    if not len(returns):
        return None
    low, high = (float(q) for q in np.quantile(returns, SHOWN))
    width = _round_width(max(high - low, abs(high), abs(low), NARROWEST))
    first = math.floor(low / width)
    last = max(math.floor(high / width) + 1, first + 1)
    edges = np.arange(first, last + 1, dtype=np.float64) * width
    column = np.clip(np.floor(returns / width).astype(np.int64), first, last - 1)
    counts = np.bincount(column - first, minlength=last - first)
    beyond = bool((returns < edges[0]).any() or (returns >= edges[-1]).any())
    return Distribution(edges, counts, beyond)


def _round_width(span: float) -> float:
    """Return a round width of about that many columns: 1, 2 or 5 and zeros."""
    raw = span / COLUMNS
    power = 10.0 ** math.floor(math.log10(raw))
    return next(s * power for s in (1, 2, 5, 10) if s * power >= raw * (1 - 1e-9))
