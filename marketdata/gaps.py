"""Missing bars: how many places, how many bars there, and which are no surprise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketdata.sessions import Sessions
from marketdata.timeframes import DAY_MS, Timeframe

# What an exchange may be closed in a row, in days of trading, and in a whole year.
HOLIDAY_DAYS = 2
HOLIDAYS_A_YEAR = 16


@dataclass(frozen=True, slots=True)
class Gaps:
    """``places`` where bars are missing, and the number of ``missing_bars`` in all."""

    places: int
    missing_bars: int


@dataclass(frozen=True, slots=True, eq=False)
class Holes:
    """The places where expected bars are missing, in order of time.

    ``start`` is the open of the first absent bar, ``end`` of the bar that is there. A
    ``holiday`` is a hole that every exchange has.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    missing: NDArray[np.int64]
    holiday: NDArray[np.bool_]

    @property
    def gaps(self) -> Gaps:
        """Return the holes that are no holidays."""
        return Gaps(int((~self.holiday).sum()), int(self.missing[~self.holiday].sum()))


def find_gaps(time: NDArray[np.int64], timeframe: Timeframe) -> Gaps:
    """Count the gaps between increasing open times (ms) of a market open 24/7."""
    steps = np.diff(time)
    wide = steps[steps > timeframe.ms]
    missing = -(-wide // timeframe.ms) - 1
    return Gaps(len(wide), int(missing.sum()))


def find_holes(time: NDArray[np.int64], sessions: Sessions) -> Holes:
    """Return where bars are missing that the market's sessions lead to expect."""
    step = sessions.step_ms
    position = np.flatnonzero(np.diff(time) > step)
    start, end = time[position] + step, time[position + 1]
    missing = sessions.before(end) - sessions.before(start)
    real = missing > 0
    start, end, missing = start[real], end[real], missing[real]
    holiday = _holidays(start, end, missing, sessions)
    if holiday.any():
        days_closed = missing[holiday].sum() / sessions.bars_per_day
        years = (time[-1] - time[0]) / (365 * DAY_MS)
        if days_closed > HOLIDAYS_A_YEAR * max(1.0, years):
            holiday[:] = False
    return Holes(sessions.after(start), end, missing, holiday)


def _holidays(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    missing: NDArray[np.int64],
    sessions: Sessions,
) -> NDArray[np.bool_]:
    """Say which holes are a closed day or two, or a session that ended early."""
    if sessions.exact:
        return np.zeros(len(start), np.bool_)
    day = sessions.bars_per_day
    touches_close = (end - start) // sessions.step_ms > missing
    return (missing <= HOLIDAY_DAYS * day) & (touches_close | (missing >= day / 2))
