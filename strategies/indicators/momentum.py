"""Oscillators of one series, by TA-Lib."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import talib
from numba import njit

from strategies.indicators.arrays import Floats, column, one, several
from strategies.indicators.averages import sma
from strategies.indicators.extremes import highest, lowest

_AVERAGES = {"sma": 0, "ema": 1}


class Macd(NamedTuple):
    macd: Floats
    signal: Floats
    histogram: Floats


class Stochastic(NamedTuple):
    k: Floats
    d: Floats


def rsi(values: Floats, length: int) -> Floats:
    """Return Wilder's relative strength index, 0 to 100; ``length`` NaN at the start.

    ``length`` is at least 2. Values that never change give 0, not 50.
    """
    return one(lambda run: _held(talib.RSI(run, length), column(run)), length, values)


def cmo(values: Floats, length: int) -> Floats:
    """Return Chande's oscillator, -100 to 100, with Wilder's smoothing as TA-Lib has.

    Chande's own has plain sums.
    """
    return one(lambda run: _held(talib.CMO(run, length), column(run)), length, values)


def roc(values: Floats, length: int) -> Floats:
    """Return the change over ``length`` bars in percent; 0 where the base is 0."""
    return one(partial(talib.ROC, timeperiod=length), length, values)


def mom(values: Floats, length: int) -> Floats:
    """Return the change over ``length`` bars."""
    return one(partial(talib.MOM, timeperiod=length), length, values)


def macd(values: Floats, fast: int, slow: int, signal: int) -> Macd:
    """Return two averages' difference, its average, and the difference of these.

    The fast average starts where the slow one does, so it differs at the start from
    ``ema(values, fast)``. ``fast`` and ``slow`` are at least 2.
    """
    call = partial(talib.MACD, fastperiod=fast, slowperiod=slow, signalperiod=signal)
    lookback = max(fast, slow) + signal - 2
    return Macd(*several(call, 3, lookback, values))


def apo(values: Floats, fast: int, slow: int, average: str) -> Floats:
    """Return the difference of two averages."""
    return _difference(talib.APO, values, fast, slow, average)


def ppo(values: Floats, fast: int, slow: int, average: str) -> Floats:
    """Return the difference of two averages in percent of the slow one."""
    return _difference(talib.PPO, values, fast, slow, average)


def trix(values: Floats, length: int) -> Floats:
    """Return the change of the triple exponential average in percent."""
    return one(partial(talib.TRIX, timeperiod=length), 3 * (length - 1) + 1, values)


def tsi(values: Floats, short: int, long: int) -> Floats:
    """Return Blau's true strength index, -100 to 100, ``long + short - 1`` NaN."""
    call = partial(talib.TSI, firstperiod=long, secondperiod=short)
    return one(call, long + short - 1, values)


def stoch_rsi(values: Floats, length: int, k: int, d: int) -> Stochastic:
    """Return where the RSI stands in its range of ``k`` bars, 0 to 100, unsmoothed.

    Both outputs begin together; a range of zero gives 0.
    """

    def call(run: Floats) -> tuple[Floats, Floats]:
        index = rsi(run, length)
        return _averaged(_position(index, index, index, k), 1, d)

    return Stochastic(*several(call, 2, length + k + d - 2, values))


def stoch(
    high: Floats, low: Floats, close: Floats, k: int, smooth: int, d: int
) -> Stochastic:
    """Return where the close stands in the range of ``k`` bars, smoothed, 0 to 100.

    Both outputs begin together; a range of zero gives 0.
    """

    def call(high: Floats, low: Floats, close: Floats) -> tuple[Floats, Floats]:
        return _averaged(_position(high, low, close, k), smooth, d)

    return Stochastic(*several(call, 2, k + smooth + d - 3, high, low, close))


@njit(cache=True, nogil=True)
def _held(index: Floats, values: Floats) -> Floats:
    """Keep the index where the value has not changed, and write to it.

    Gains and losses then fade at one rate, and their ratio stays what it is; but the
    averages round, and after a few thousand bars there is nothing left of them.
    """
    for bar in range(1, len(values)):
        if values[bar] == values[bar - 1] and not np.isnan(index[bar - 1]):
            index[bar] = index[bar - 1]
    return index


def _position(high: Floats, low: Floats, close: Floats, k: int) -> Floats:
    # TA-Lib's STOCH looks at the whole window again whenever its extreme leaves it.
    bottom = lowest(low, k)
    width = highest(high, k) - bottom
    raw = np.where(np.isnan(width), np.nan, 0.0)
    np.divide(100 * (close - bottom), width, out=raw, where=width > 0)
    return raw


def _averaged(raw: Floats, smooth: int, d: int) -> tuple[Floats, Floats]:
    slow_k = sma(raw, smooth)
    slow_d = sma(slow_k, d)
    return np.where(np.isnan(slow_d), np.nan, slow_k), slow_d


def _difference(
    function: Callable[..., Floats], values: Floats, fast: int, slow: int, average: str
) -> Floats:
    kind = _AVERAGES[average]
    call = partial(function, fastperiod=fast, slowperiod=slow, matype=kind)
    return one(call, max(fast, slow) - 1, values)
