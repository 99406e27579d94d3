"""Calendars: how many periods a year has, for annualisation."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.tails import count_gaps
from marketdata.timeframes import DAY_MS

DAY_SECONDS = 86_400.0
YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Calendar:
    """A market's year: trading days, and the hours of a session.

    ``days_per_year`` counts daily bars; bars inside a day are counted by the length of
    the session. Bars longer than a day cover calendar time in every market.
    """

    days_per_year: int = YEAR_DAYS
    session_hours: float = 24.0

    def __post_init__(self) -> None:
        if not 1 <= self.days_per_year <= 366 or not 0 < self.session_hours <= 24:
            raise ValueError("a year has 1 to 366 days of 0 to 24 hours")

    @classmethod
    def of(cls, calendar: "Calendar | int") -> "Calendar":
        """Return the calendar itself, or the usual one with that many days a year."""
        if isinstance(calendar, Calendar):
            return calendar
        return EXCHANGE if calendar == EXCHANGE.days_per_year else cls(calendar)

    def periods_per_year(self, bar_seconds: float) -> float:
        """Return the bars of ``bar_seconds`` that a year has; NaN for no length."""
        if not bar_seconds > 0:
            return float("nan")
        if bar_seconds > DAY_SECONDS:
            return YEAR_DAYS * DAY_SECONDS / bar_seconds
        if bar_seconds == DAY_SECONDS:
            return float(self.days_per_year)
        return self.days_per_year * self.session_hours * 3600 / bar_seconds


ALWAYS_OPEN = Calendar()
EXCHANGE = Calendar(252, 6.5)


def last_bars_of_days(time: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the last bar of each UTC day that has bars; ``time`` in ms, ascending."""
    if not len(time):
        return np.empty(0, np.int64)
    days = np.arange(time[0] // DAY_MS, time[-1] // DAY_MS + 1)
    # Bars before the end of each day: a day without bars repeats the one before.
    return np.unique(np.searchsorted(time, (days + 1) * DAY_MS)) - 1


def median_seconds(time: NDArray[np.int64]) -> float:
    """Return the median distance of open times (ms) in seconds; NaN below two bars."""
    if len(time) < 2:
        return float("nan")
    # Regular bars, nearly always: a distance of more than half of them is the median.
    first = int(time[1] - time[0])
    if 2 * count_gaps(time, first) > len(time) - 1:
        return first / 1000
    return float(np.median(np.diff(time))) / 1000
