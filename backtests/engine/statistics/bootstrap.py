"""The stationary bootstrap (Politis and Romano 1994)."""

import numpy as np
from numpy.typing import NDArray


def stationary_indices(
    rows: int, reps: int, mean_block: float, seed: int
) -> NDArray[np.int64]:
    """Return (reps, rows) row numbers: blocks of geometric length, wrapping round.

    Raises ``ValueError`` for a mean block below 1 or no rows.
    """
    if mean_block < 1 or rows < 1:
        raise ValueError("the mean block is at least 1 and there are rows to draw from")
    rng = np.random.default_rng(seed)
    starts = rng.random((reps, rows)) < 1 / mean_block
    starts[:, 0] = True
    drawn = rng.integers(0, rows, (reps, rows))
    place = np.arange(rows)
    begun = np.maximum.accumulate(np.where(starts, place, 0), axis=1)
    first = np.take_along_axis(drawn, begun, axis=1)
    return (first + place - begun) % rows


def resampled_means(
    values: NDArray[np.float64], indices: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the (reps, K) column means of ``values`` (T, K) on each drawn sample."""
    rows, reps = len(values), len(indices)
    counts = np.empty((reps, rows))
    for sample, count in zip(indices, counts, strict=True):
        count[:] = np.bincount(sample, minlength=rows)
    means: NDArray[np.float64] = counts @ values / indices.shape[1]
    return means
