"""A million bars as a few thousand buckets, in which no extreme is lost.

A bucket is a fixed number of bars. Candles become wider candles; a line becomes two
samples a bucket, its lowest and its highest value in the order in which they came.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketdata.ohlcv import Ohlcv

# More than the pixels of any screen, so that zooming in still shows more.
MOST = 6_000

type Values = NDArray[np.float64]
type Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Buckets:
    """``bars`` bars in buckets of ``size``; the last may be shorter."""

    bars: int
    size: int

    @classmethod
    def of(cls, bars: int, most: int = MOST) -> "Buckets":
        return cls(bars, max(1, -(-bars // most)))

    @property
    def starts(self) -> Times:
        """Return the position of each bucket's first bar."""
        return np.arange(0, self.bars, self.size)

    def moments(self, time: Times) -> Times:
        """Return the times of the samples of a line."""
        if self.size == 1:
            return time
        starts = self.starts
        middles = np.minimum(starts + self.size // 2, self.bars - 1)
        return np.append(time[np.stack((starts, middles), 1)].ravel(), time[-1])

    def samples(self, values: Values) -> Values:
        """Return the line's values: all of them, or two a bucket and the last."""
        if self.size == 1:
            return values
        count = len(self.starts)
        padded = np.full(count * self.size, np.nan)
        padded[: self.bars] = values
        grid = padded.reshape(count, self.size)
        missing = np.isnan(grid)
        low = np.where(missing, np.inf, grid).argmin(axis=1)
        high = np.where(missing, -np.inf, grid).argmax(axis=1)
        order = np.stack((np.minimum(low, high), np.maximum(low, high)), 1)
        return np.append(np.take_along_axis(grid, order, 1).ravel(), values[-1])

    def candles(self, ohlcv: Ohlcv) -> Ohlcv:
        """Return one candle a bucket."""
        if self.size == 1:
            return ohlcv
        starts = self.starts
        return Ohlcv(
            time=ohlcv.time[starts],
            open=ohlcv.open[starts],
            high=np.maximum.reduceat(ohlcv.high, starts),
            low=np.minimum.reduceat(ohlcv.low, starts),
            close=ohlcv.close[np.append(starts[1:], self.bars) - 1],
            volume=np.add.reduceat(ohlcv.volume, starts),
        )
