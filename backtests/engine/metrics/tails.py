"""Tails of the distribution of returns: VaR, CVaR, tail ratio."""

import math

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.tails import gather

type Series = NDArray[np.float64]

# Above this length a bracket around the wanted values is found from a sample first.
LONG = 20_000
SAMPLE = 2_048


def tails(returns: Series) -> dict[str, float]:
    """Return the 5 % value at risk, what lies beyond it, and the ratio of the tails."""
    if not len(returns):
        return {"var_95": math.nan, "cvar_95": math.nan, "tail_ratio": math.nan}
    worst = math.floor((len(returns) - 1) * 0.05) + 1
    low, tail = _percentile(returns, 0.05, worst)
    high, _ = _percentile(returns, 0.95, 1)
    ratio = abs(high) / abs(low) if low else math.nan
    return {"var_95": low, "cvar_95": tail / worst, "tail_ratio": ratio}


def _percentile(values: Series, share: float, count: int) -> tuple[float, float]:
    """Return a percentile (linear interpolation) and the sum of the ``count`` lowest.

    ``count`` is at most the percentile's own rank + 1.
    """
    place = (len(values) - 1) * share
    rank = math.floor(place)
    near, below, total = _around(values, share, rank)
    upper = min(rank + 1, len(values) - 1)
    near = np.partition(near, sorted({rank - below, upper - below}))
    a, b = float(near[rank - below]), float(near[upper - below])
    part = place - rank
    # The form of numpy.percentile, which is exact at both ends.
    value = a + (b - a) * part if part < 0.5 else b - (b - a) * (1 - part)
    return value, total + float(near[: max(count - below, 0)].sum())


def _around(values: Series, share: float, rank: int) -> tuple[Series, int, float]:
    """Return the values about the rank, how many are lower, and the sum of those."""
    if len(values) > LONG:
        sample = np.sort(values[:: len(values) // SAMPLE])
        spread = 4 * math.sqrt(len(sample) * share * (1 - share))
        middle = share * len(sample)
        low = float(sample[max(int(middle - spread), 0)])
        high = float(sample[min(int(middle + spread) + 1, len(sample) - 1)])
        near = np.empty(len(values))
        below, total, count = gather(values, low, high, near)
        if below <= rank and rank + 1 < below + count:
            return near[:count], below, total
    return values, 0, 0.0
