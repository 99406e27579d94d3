"""The daily view of a curve: its value at the end of each UTC day that has bars."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtests.engine.calendars import Calendar, last_bars_of_days, median_seconds
from backtests.engine.metrics.moments import Series, moments_of, returns_of
from marketdata.timeframes import DAY_MS

type Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What the significance of a Sharpe ratio depends on, per day.

    ``sharpe`` is that of ``days`` daily returns, not annualised; ``skew`` is biased and
    ``kurtosis`` raw (3 = normal). Undefined is NaN.
    """

    sharpe: float
    days: int
    skew: float
    kurtosis: float
    days_per_year: float


def daily_values(time: Times, values: Series) -> tuple[Times, Series]:
    """Return the start (ms) of each UTC day that has bars, and the day's last value."""
    ends = last_bars_of_days(time)
    return time[ends] // DAY_MS * DAY_MS, values[ends]


def track_record(
    time: Times, equity: Series, calendar: Calendar, risk_free: float = 0.0
) -> TrackRecord:
    """Return the record of the daily returns above ``risk_free`` (a year's)."""
    days, values = daily_values(time, equity)
    periods = calendar.periods_per_year(median_seconds(days))
    target = risk_free / periods if risk_free else 0.0
    moments = moments_of(returns_of(values), target)
    return TrackRecord(
        moments.sharpe, moments.count, moments.skew, moments.kurtosis, periods
    )
