"""Order statistics of the last values."""

import numpy as np
from numba import njit

from strategies.indicators.arrays import Floats, one

# What a window is asked for once it is sorted.
_MEDIAN, _PERCENTILE, _RANK = 0, 1, 2


def median(values: Floats, length: int) -> Floats:
    """Return the median; of an even number the mean of the two in the middle."""
    return one(lambda run: _sorted(run, length, _MEDIAN, 0.0), length - 1, values)


def percentile(values: Floats, length: int, percentage: float) -> Floats:
    """Return the nearest-rank percentile: always one of the values."""
    return one(
        lambda run: _sorted(run, length, _PERCENTILE, percentage), length - 1, values
    )


def percentrank(values: Floats, length: int) -> Floats:
    """Return the percentage of the ``length`` values before that are not above it."""
    return one(lambda run: _sorted(run, length, _RANK, 0.0), length, values)


@njit(cache=True, nogil=True)
def _sorted(values: Floats, length: int, wanted: int, percentage: float) -> Floats:
    """Slide a sorted window over the values and read off what is wanted.

    The value that leaves and the one that comes are found by bisection; only those
    between them move, in one sweep through at most ``length`` neighbours. Bounded by
    O(n w), but at w = 5000 still a few hundred nanoseconds a bar. TA-Lib's PERCENTILE
    and PERCENTRANK look at the whole window for every bar.
    """
    bars = len(values)
    result = np.full(bars, np.nan)
    window = np.sort(values[:length])
    nearest = min(max(int(np.ceil(percentage / 100 * length)), 1), length) - 1
    half = length // 2
    for bar in range(length - 1, bars):
        if wanted == _RANK:
            if bar >= length:
                below = np.searchsorted(window, values[bar], side="right")
                result[bar] = 100 * below / length
                _replace(window, values[bar - length], values[bar])
            continue
        if bar >= length:
            _replace(window, values[bar - length], values[bar])
        if wanted == _PERCENTILE:
            result[bar] = window[nearest]
        elif length % 2:
            result[bar] = window[half]
        else:
            result[bar] = (window[half - 1] + window[half]) / 2
    return result


@njit(cache=True, nogil=True)
def _replace(window: Floats, leaving: float, coming: float) -> None:
    """Put one value of the sorted window in another's place."""
    hole = np.searchsorted(window, leaving)
    if coming >= leaving:
        stop = np.searchsorted(window, coming, side="right") - 1
        # Counting from zero tells the compiler that no index is negative: it moves
        # many values at once.
        moved = window[hole : stop + 1]
        for k in range(len(moved) - 1):
            moved[k] = moved[k + 1]
        window[stop] = coming
        return
    stop = np.searchsorted(window, coming)
    moved = window[stop : hole + 1]
    for k in range(len(moved) - 1, 0, -1):
        moved[k] = moved[k - 1]
    window[stop] = coming
