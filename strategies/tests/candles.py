"""Candles for tests of strategies."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyarrow import feather

from marketdata import sample
from marketdata.ohlcv import Ohlcv

HOUR_MS = 3_600_000


def candles_of(closes: ArrayLike) -> Ohlcv:
    """Return hourly candles that open at the close before."""
    close: NDArray[np.float64] = np.asarray(closes, dtype=np.float64)
    before = np.concatenate((close[:1], close[:-1]))
    return Ohlcv(
        time=np.arange(len(close)) * HOUR_MS,
        open=before,
        high=np.maximum(before, close),
        low=np.minimum(before, close),
        close=close,
        volume=np.ones(len(close)),
    )


def random_candles(bars: int, seed: int) -> Ohlcv:
    """Return a geometric random walk that starts at 100."""
    steps = np.random.default_rng(seed).normal(0, 0.02, bars)
    return candles_of(100 * np.exp(np.cumsum(steps)))


def later(candles: Ohlcv, hours: int) -> Ohlcv:
    """Return the same candles so many hours later."""
    time, *columns = candles
    return Ohlcv(time + hours * HOUR_MS, *columns)


@cache
def sample_candles() -> Ohlcv:
    """Return the bundled hourly candles of BTC/USDT."""
    table = feather.read_table(sample.PATH)
    date, *columns = (table[name].to_numpy() for name in table.column_names)
    return Ohlcv(date.astype("datetime64[ms]").astype(np.int64), *columns)
