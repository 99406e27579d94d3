"""Thinning curves so that nothing that matters to the eye is lost."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

type Series = NDArray[np.float64]


def keep_extremes(values: Series, points: int) -> NDArray[np.int64]:
    """Return at most ``points`` increasing positions of ``values`` worth drawing.

    The first and the last are kept, and of each of the buckets between them the lowest
    and the highest, so that no drawdown disappears. Needs ``points`` >= 2.
    """
    return keep_all_extremes((values,), (values,), points)


def keep_all_extremes(
    lows: Sequence[Series], highs: Sequence[Series], points: int
) -> NDArray[np.int64]:
    """Return positions that show the lowest of ``lows`` and the highest of ``highs``.

    As ``keep_extremes``, for curves (n,) that are drawn over the same bars; the more
    extremes a bucket has, the fewer buckets there are. Points that are too few for one
    bucket show those of the first curves. NaN is no extreme.
    """
    count = len((*lows, *highs)[0])
    if count <= points:
        return np.arange(count)
    buckets = (points - 2) // (len(lows) + len(highs))
    if not buckets and len(lows) > 1 and points >= 4:
        return keep_all_extremes(lows[:1], highs[:1], points)
    picked = [0, count - 1]
    if buckets:
        edges = np.linspace(1, count - 1, buckets + 1).astype(np.int64)
        for start, stop in zip(edges[:-1], edges[1:], strict=True):
            if stop > start:
                picked += [start + _lowest(c[start:stop]) for c in lows]
                picked += [start + _lowest(-c[start:stop]) for c in highs]
    return np.unique(np.array(picked, dtype=np.int64))


def _lowest(bucket: Series) -> int:
    place = int(bucket.argmin())  # that of the first NaN, if there is one
    if np.isnan(bucket[place]) and not np.isnan(bucket).all():
        return int(np.nanargmin(bucket))
    return place
