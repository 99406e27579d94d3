"""When a market trades: which bars of a week are to be expected."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketdata.timeframes import DAY_MS, WEEK_ORIGIN_MS, Timeframe

WEEK_MS = 7 * DAY_MS
# Of an exchange's weeks, the share that must have a bar at a time of the week for it
# to be a time of trading. Three quarters leave out the hours that summer time moves.
USUAL = 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Sessions:
    """The slots of a repeating period in which a bar is expected.

    ``counts`` holds, for each slot and for the end of the period, the number of
    expected bars that open in the period before it.
    """

    step_ms: int
    origin_ms: int
    counts: NDArray[np.int64]

    @property
    def period_ms(self) -> int:
        return self.step_ms * (len(self.counts) - 1)

    @property
    def always(self) -> bool:
        return int(self.counts[-1]) == len(self.counts) - 1

    @property
    def bars_per_day(self) -> float:
        """Return the expected bars of a day on which any are expected."""
        slots = np.flatnonzero(np.diff(self.counts))
        days = np.unique(slots * self.step_ms // DAY_MS)
        return float(self.counts[-1]) / max(1, len(days))

    def before(self, time: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the expected bars between the origin and each time, to subtract."""
        periods, rest = np.divmod(time - self.origin_ms, self.period_ms)
        found: NDArray[np.int64] = (
            periods * self.counts[-1] + self.counts[rest // self.step_ms]
        )
        return found


def sessions_of(
    time: NDArray[np.int64], timeframe: Timeframe, *, always_open: bool
) -> Sessions:
    """Return what to expect of a market; ``time`` holds the bars that there are.

    An exchange trades on weekdays; at which hours, its own bars say. Bars longer than a
    day are expected always.
    """
    slots = WEEK_MS // timeframe.ms
    if always_open or timeframe.ms > DAY_MS:
        return _sessions(timeframe, np.ones(1, np.bool_))
    if timeframe.ms == DAY_MS:
        return _sessions(timeframe, np.arange(slots) < 5)
    week, rest = np.divmod(time - WEEK_ORIGIN_MS, WEEK_MS)
    seen = np.bincount(rest // timeframe.ms, minlength=slots)
    return _sessions(timeframe, seen >= max(1.0, USUAL * len(np.unique(week))))


def _sessions(timeframe: Timeframe, expected: NDArray[np.bool_]) -> Sessions:
    counts = np.concatenate([[0], np.cumsum(expected)]).astype(np.int64)
    return Sessions(timeframe.ms, WEEK_ORIGIN_MS, counts)
