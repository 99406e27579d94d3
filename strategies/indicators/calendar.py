"""Where a bar stands in the calendar: periods, sessions and weekends, all in UTC."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from marketdata.timeframes import DAY_MS, Timeframe
from strategies.indicators.arrays import Bools, Floats, column, flags

type Times = NDArray[np.int64]

HOUR_MS = 3_600_000


def period_of(time: Times, period: str) -> Times:
    """Return the number of the period that each bar opens in; see ``Timeframe``."""
    timeframe = Timeframe.parse(period)
    return (time - timeframe.origin_ms) // timeframe.ms


def is_new(time: Times, period: str) -> Bools:
    """Return the bars that are the first of their period.

    The first bar of all is one only if it opens with its period: whether another came
    before it is unknown.
    """
    timeframe = Timeframe.parse(period)
    number = period_of(time, period)
    new = np.empty(len(time), dtype=np.bool_)
    new[1:] = number[1:] != number[:-1]
    new[:1] = (time[:1] - timeframe.origin_ms) % timeframe.ms == 0
    return new


def in_session(time: Times, start_hour: float, end_hour: float) -> Bools:
    """Return the bars that open in [start, end) of the day, in hours such as 13.5.

    A start at or after the end goes on past midnight.
    """
    start, end = round(start_hour * HOUR_MS), round(end_hour * HOUR_MS)
    of_day = time % DAY_MS
    inside: Bools
    if start < end:
        inside = (of_day >= start) & (of_day < end)
    else:
        inside = (of_day >= start) | (of_day < end)
    return inside


def is_weekend(time: Times) -> Bools:
    """Return the bars that open on a Saturday or a Sunday."""
    # 1970-01-01 was a Thursday, two days before a Saturday.
    weekend: Bools = (time // DAY_MS + 5) % 7 < 2
    return weekend


def once_per(condition: Bools, time: Times, period: str) -> Bools:
    """Return the first true bar of each period."""
    places = np.flatnonzero(condition)
    number = period_of(time[places], period)
    first = np.ones(len(places), dtype=np.bool_)
    first[1:] = number[1:] != number[:-1]
    result = np.zeros(len(condition), dtype=np.bool_)
    result[places[first]] = True
    return result


def anchored_vwap(price: Floats, volume: Floats, time: Times, period: str) -> Floats:
    """Return the volume-weighted average price since the period began.

    NaN while the period has no volume.
    """
    number = period_of(time, period)
    restart = np.ones(len(time), dtype=np.bool_)
    restart[1:] = number[1:] != number[:-1]
    return _anchored(column(price), column(volume), flags(restart))


@njit(cache=True, nogil=True)
def _anchored(price: Floats, volume: Floats, restart: Bools) -> Floats:
    result = np.full(len(price), np.nan)
    money = traded = 0.0
    low, high = np.inf, -np.inf
    for bar in range(len(price)):
        if restart[bar]:
            money = traded = 0.0
            low, high = np.inf, -np.inf
        if volume[bar] > 0:
            money += price[bar] * volume[bar]
            traded += volume[bar]
            low, high = min(low, price[bar]), max(high, price[bar])
        if traded > 0:
            # An average lies among its prices; rounding alone would let one price
            # cross its own average.
            result[bar] = min(max(money / traded, low), high)
    return result
