"""Fewer, wider bars from many: to a higher timeframe, or to so many points."""

import numpy as np
from numpy.typing import NDArray

from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import Timeframe


def resample(ohlcv: Ohlcv, timeframe: Timeframe) -> Ohlcv:
    """Return bars of a higher timeframe, each at the open time of its bucket.

    A bucket holds the bars that open in it; the first and the last may be incomplete.
    """
    if len(ohlcv) == 0:
        return ohlcv
    origin = timeframe.origin_ms
    bucket = (ohlcv.time - origin) // timeframe.ms
    starts = np.flatnonzero(np.diff(bucket, prepend=bucket[0] - 1))
    return _aggregate(ohlcv, starts, bucket[starts] * timeframe.ms + origin)


def thin(ohlcv: Ohlcv, points: int) -> Ohlcv:
    """Return at most ``points`` bars that keep every high, low and total volume."""
    if len(ohlcv) <= points:
        return ohlcv
    starts = np.linspace(0, len(ohlcv), points, endpoint=False).astype(np.int64)
    return _aggregate(ohlcv, starts, ohlcv.time[starts])


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
