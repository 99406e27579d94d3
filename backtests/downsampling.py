"""Fewer points of a curve, with its extremes kept."""

import numpy as np
from numpy.typing import NDArray


def keep_extremes(values: NDArray[np.float64], points: int) -> NDArray[np.int64]:
    """Return at most ``points`` increasing positions of ``values`` worth drawing.

    The first and the last are kept, and of each of the buckets between them the lowest
    and the highest, so that no drawdown disappears. Needs ``points`` >= 2.
    """
    count = len(values)
    if count <= points:
        return np.arange(count)
    buckets = (points - 2) // 2
    picked = [0, count - 1]
    if buckets:
        edges = np.linspace(1, count - 1, buckets + 1).astype(np.int64)
        for start, stop in zip(edges[:-1], edges[1:], strict=True):
            if stop > start:
                bucket = values[start:stop]
                picked += [start + int(bucket.argmin()), start + int(bucket.argmax())]
    return np.unique(np.array(picked, dtype=np.int64))
