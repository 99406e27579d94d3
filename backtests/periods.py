"""Months and drawdowns of a result, as columns to show."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine import drawdown_table, periodic_returns
from marketdata.timeframes import DAY_MS

type Columns = dict[str, NDArray[Any]]

# A market that closes may open the month so many days late: a weekend and a holiday.
CLOSED_DAYS = 4


def monthly_columns(
    time: NDArray[np.int64],
    equity: NDArray[np.float64],
    window: tuple[int, int],
    *,
    always_open: bool,
) -> Columns:
    """Return year, month, return, bars and ``partial`` of every UTC month with bars.

    ``window`` is [start, end) of the run in ms; a month that is not inside it as a
    whole is partial. Where the market closes, its first and last days may lie outside.
    """
    months = periodic_returns(time, equity, "month")
    start = months["start"].astype("datetime64[ms]").astype("datetime64[M]")
    after = (start + np.timedelta64(1, "M")).astype("datetime64[ms]").astype(np.int64)
    slack = 0 if always_open else CLOSED_DAYS * DAY_MS
    number = start.astype(np.int64)
    return {
        "year": 1970 + number // 12,
        "month": 1 + number % 12,
        "return": months["return"].copy(),
        "bars": months["bars"].copy(),
        "partial": (window[0] > months["start"] + slack) | (window[1] < after - slack),
    }


def drawdown_columns(time: NDArray[np.int64], equity: NDArray[np.float64]) -> Columns:
    """Return every drawdown, the deepest first; times of peak, trough and recovery.

    ``recovery_time`` is NaT for one that has not recovered; ``duration`` is in seconds
    from the peak to the recovery, or to the last bar.
    """
    table = drawdown_table(time, equity, len(equity))
    recovery = time[table["end_bar"]].astype("datetime64[ms]")
    recovery[~table["recovered"]] = np.datetime64("NaT", "ms")
    return {
        "peak_time": time[table["peak_bar"]],
        "trough_time": time[table["bottom_bar"]],
        "recovery_time": recovery,
        "depth": table["depth"].copy(),
        "duration": table["seconds"].copy(),
    }
