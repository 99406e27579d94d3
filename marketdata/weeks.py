"""What bars tell by themselves of the week of their market."""

import numpy as np
from numpy.typing import NDArray

from marketdata.markets import ALWAYS, EXCHANGE, FX
from marketdata.timeframes import DAY_MS, Timeframe

HOUR_MS = 3_600_000
# 1970-01-01 was a Thursday.
THURSDAY = 3
SATURDAY, SUNDAY = 5, 6
# Fewer weekends without a bar may be an outage.
ENOUGH = 4
# Of the weekends, the share that must have bars for the market to trade on them, and
# the share that may, for it not to.
MOST, FEW = 0.5, 0.1
# Currencies trade on Sundays from this hour on (UTC), and on other days at any.
SUNDAY_EVENING = 20


def told_by(time: NDArray[np.int64], timeframe: Timeframe) -> str | None:
    """Return the calendar that opens (ms) are of; None where they may be of several, as
    those of a few days are.
    """
    if timeframe.ms > DAY_MS or len(time) == 0:
        return None
    # Hours are enough, and fewer by far than the minutes of some years.
    hours = time // HOUR_MS
    hours = np.unique(hours[np.flatnonzero(np.diff(hours, prepend=-1))])
    hour, day = hours % 24, hours // 24 + THURSDAY
    weekends = int(day[-1] // 7 - day[0] // 7)
    if weekends < ENOUGH:
        return None
    saturdays, sundays = (
        len(np.unique(day[day % 7 == number])) / weekends
        for number in (SATURDAY, SUNDAY)
    )
    if saturdays >= MOST:
        return ALWAYS
    if saturdays > FEW:
        return None
    if sundays > FEW and hour[day % 7 == SUNDAY].min() < SUNDAY_EVENING:
        return None
    around_the_clock = len(np.unique(hour[day % 7 < SATURDAY])) == 24
    return FX if timeframe.ms <= HOUR_MS and around_the_clock else EXCHANGE
