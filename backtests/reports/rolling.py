"""The Sharpe ratio of a window of days that moves along."""

import numpy as np

from backtests.engine import Calendar
from backtests.engine.calendars import last_bars_of_days, median_seconds
from backtests.engine.metrics.moments import returns_of
from backtests.reports.buckets import Times, Values
from marketdata.timeframes import DAY_MS

# Daily returns in a window; the longest of which three fit is taken.
WINDOWS = (180, 90, 60, 30, 20)
# Below this relative size a standard deviation is the rounding of a constant.
CONSTANT = 1e-12


def rolling_sharpe(
    time: Times, equity: Values, days_per_year: int
) -> tuple[int, Times, Values]:
    """Return the window in days, and the ratio at the end of each day it fills.

    Mean / standard deviation (n - 1) of the window's daily returns, * sqrt(days per
    year): the headline's formula. NaN where the equity did not move. The window is 0,
    and the arrays empty, when there are too few days.
    """
    ends = last_bars_of_days(time)
    days = time[ends] // DAY_MS * DAY_MS
    window = next((w for w in WINDOWS if len(days) > 3 * w), 0)
    if not window:
        return 0, np.empty(0, np.int64), np.empty(0)
    periods = Calendar.of(days_per_year).periods_per_year(median_seconds(days))
    # Window by window: running sums would drag the rounding of a crash along.
    returns = np.lib.stride_tricks.sliding_window_view(returns_of(equity[ends]), window)
    mean, spread = returns.mean(axis=1), returns.std(axis=1, ddof=1)
    moves = spread > CONSTANT * np.abs(mean)
    sharpe = np.divide(mean, spread, out=np.full(len(mean), np.nan), where=moves)
    return window, days[window:], sharpe * np.sqrt(periods)
