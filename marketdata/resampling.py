"""Fewer, wider bars from many: to a higher timeframe, or to so many points."""

import numpy as np
from numpy.typing import NDArray

from marketdata.gaps import HOLIDAY_DAYS
from marketdata.ohlcv import Ohlcv
from marketdata.sessions import Sessions
from marketdata.timeframes import Timeframe


def resample(ohlcv: Ohlcv, timeframe: Timeframe) -> Ohlcv:
    """Return bars of a higher timeframe, each at the open time of its bucket.

    A bucket holds the bars that open in it; ``complete`` says where some are missing.
    """
    if len(ohlcv) == 0:
        return ohlcv
    origin = timeframe.origin_ms
    bucket = (ohlcv.time - origin) // timeframe.ms
    starts = np.flatnonzero(np.diff(bucket, prepend=bucket[0] - 1))
    return _aggregate(ohlcv, starts, bucket[starts] * timeframe.ms + origin)


def complete(
    ohlcv: Ohlcv, wide: Ohlcv, timeframe: Timeframe, sessions: Sessions
) -> NDArray[np.bool_]:
    """Say which bars of ``wide``, resampled from ``ohlcv``, have all their parts.

    Where holidays are not known they leave a bar of an exchange complete. Parts that
    are missing at either end of ``ohlcv`` do not: there the data begin or end inside
    the bar.
    """
    if len(wide) == 0:
        return np.empty(0, np.bool_)
    end = wide.time + timeframe.ms
    borders = np.append(np.searchsorted(ohlcv.time, wide.time), len(ohlcv))
    missing = sessions.before(end) - sessions.before(wide.time) - np.diff(borders)
    if sessions.exact:
        return np.asarray(missing <= 0)
    whole = np.asarray(missing <= HOLIDAY_DAYS * sessions.bars_per_day)
    head = np.array([wide.time[0], ohlcv.time[0]])
    tail = np.array([ohlcv.time[-1] + sessions.step_ms, end[-1]])
    whole[0] &= np.diff(sessions.before(head))[0] == 0
    whole[-1] &= np.diff(sessions.before(tail))[0] <= 0
    return whole


def thin(ohlcv: Ohlcv, points: int) -> Ohlcv:
    """Return at most ``points`` bars that keep every high, low and total volume."""
    if len(ohlcv) <= points:
        return ohlcv
    starts = thinned_starts(len(ohlcv), points)
    return _aggregate(ohlcv, starts, ohlcv.time[starts])


def thinned_starts(bars: int, points: int) -> NDArray[np.int64]:
    """Return the position at which each of the ``points`` begins, of more bars."""
    return np.linspace(0, bars, points, endpoint=False).astype(np.int64)


def _aggregate(
    ohlcv: Ohlcv, starts: NDArray[np.int64], time: NDArray[np.int64]
) -> Ohlcv:
    ends = np.append(starts[1:], len(ohlcv)) - 1
    return Ohlcv(
        time=time,
        open=ohlcv.open[starts],
        high=np.maximum.reduceat(ohlcv.high, starts),
        low=np.minimum.reduceat(ohlcv.low, starts),
        close=ohlcv.close[ends],
        volume=np.add.reduceat(ohlcv.volume, starts),
    )
