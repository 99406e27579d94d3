"""Wall-clock times of a zone as moments."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

# Clocks change at full quarters of an hour.
QUARTER_MS = 15 * 60_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_utc(local: NDArray[np.float64], zone: ZoneInfo) -> NDArray[np.float64]:
    """Return milliseconds UTC of wall-clock milliseconds in file order.

    When clocks go back, an hour comes twice: of two equal times the earlier one is
    summer time, the later one winter time; one that stands alone is summer time. When
    clocks go forward, an hour does not exist: its times become NaN.
    """
    result = np.full(len(local), np.nan)
    known = np.flatnonzero(~np.isnan(local))
    if not len(known):
        return result
    if len(known) > 1 and np.median(np.diff(local[known])) < 0:
        known = known[::-1]
    times = local[known]
    quarters, belongs = np.unique(times // QUARTER_MS, return_inverse=True)
    offsets = np.array([_offsets(quarter, zone) for quarter in quarters.tolist()])
    first, second = offsets[belongs].T
    moments = times - np.where(_is_repeat(times), second, first)
    moments[first < second] = np.nan
    result[known] = moments
    return result


def _offsets(quarter: float, zone: ZoneInfo) -> tuple[float, float]:
    """Return how far a zone is ahead (ms) the first and the second time.

    They are equal but where clocks change; the second is the larger one where the
    clock skips the time. NaN is beyond the calendar.
    """
    try:
        moment = EPOCH + timedelta(milliseconds=quarter * QUARTER_MS)
        local = moment.replace(tzinfo=zone)
        ahead = [local.replace(fold=fold).utcoffset() for fold in (0, 1)]
    except OverflowError:
        return np.nan, np.nan
    first, second = ((a or timedelta()) / timedelta(milliseconds=1) for a in ahead)
    return first, second


def _is_repeat(times: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which times stand earlier in the array as well."""
    _, firsts = np.unique(times, return_index=True)
    repeat = np.ones(len(times), dtype=np.bool_)
    repeat[firsts] = False
    return repeat
