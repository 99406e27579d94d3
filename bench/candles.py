"""The candles of all benchmarks: a seeded random walk, the same for every engine."""

import numpy as np
from numpy.typing import NDArray

MINUTE_MS = 60_000


def columns(bars: int, step_ms: int = MINUTE_MS) -> dict[str, NDArray[np.generic]]:
    """Return time (ms), open, high, low, close and volume of ``bars`` candles."""
    rng = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.001, bars)))
    opened = np.r_[100.0, close[:-1]] * (1 + rng.normal(0, 0.0001, bars))
    high = np.maximum(opened, close) * (1 + np.abs(rng.normal(0, 0.0005, bars)))
    low = np.minimum(opened, close) * (1 - np.abs(rng.normal(0, 0.0005, bars)))
    return {
        "time": np.arange(bars, dtype=np.int64) * step_ms,
        "open": opened,
        "high": high,
        "low": low,
        "close": close,
        "volume": np.ones(bars),
    }


def crosses(
    fast: NDArray[np.float64], slow: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where ``fast`` rises above ``slow``, and where it falls below."""
    above, below = fast > slow, fast < slow
    up, down = np.zeros(len(fast), np.bool_), np.zeros(len(fast), np.bool_)
    up[1:] = above[1:] & ~above[:-1] & ~np.isnan(slow[:-1])
    down[1:] = below[1:] & ~below[:-1] & ~np.isnan(slow[:-1])
    return up, down
