"""When a market trades: which bars are to be expected."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from marketdata.markets import ALWAYS, FX
from marketdata.timeframes import DAY_MS, WEEK_ORIGIN_MS, Timeframe

HOUR_MS = 3_600_000
WEEK_MS = 7 * DAY_MS
# Of an exchange's weeks, the share that must have a bar at a time of the week for it
# to be a time of trading. Three quarters leave out the hours that summer time moves.
USUAL = 0.75
# Currencies, since Monday 0:00 UTC: from Sunday 17:00 in New York to Friday 17:00, less
# the hour at either end that summer time moves.
FX_CLOSES, FX_OPENS = 4 * DAY_MS + 21 * HOUR_MS, 6 * DAY_MS + 22 * HOUR_MS


class Sessions(Protocol):
    """The opens of the bars that are expected.

    ``exact`` says that holidays are known, so that an absent bar is a missing one.
    """

    @property
    def step_ms(self) -> int: ...

    @property
    def always(self) -> bool:
        """Say whether every bar is expected."""
        ...

    @property
    def exact(self) -> bool: ...

    @property
    def bars_per_day(self) -> float:
        """Return the expected bars of a day on which any are expected."""
        ...

    def before(self, time: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the expected bars between some origin and each time, to subtract."""
        ...

    def after(self, time: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the first expected open that is not before each time."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """The sessions of an exchange, in order, in milliseconds UTC.

    ``date`` is midnight UTC of the day that a session belongs to. A session runs from
    ``open`` to ``close``; where it pauses, to ``pause`` and again from ``resume``,
    which else are both the close.
    """

    date: NDArray[np.int64]
    open: NDArray[np.int64]
    pause: NDArray[np.int64]
    resume: NDArray[np.int64]
    close: NDArray[np.int64]

    def around(self, first_ms: int, last_ms: int) -> "Schedule":
        """Return the sessions of the span and of a week on either side."""
        start, stop = np.searchsorted(
            self.date, [first_ms - WEEK_MS, last_ms + WEEK_MS]
        )
        columns = (self.date, self.open, self.pause, self.resume, self.close)
        return Schedule(*(column[start:stop] for column in columns))


@dataclass(frozen=True, slots=True, eq=False)
class Weekly:
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
    def exact(self) -> bool:
        return self.always

    @property
    def bars_per_day(self) -> float:
        slots = np.flatnonzero(np.diff(self.counts))
        days = np.unique(slots * self.step_ms // DAY_MS)
        return float(self.counts[-1]) / max(1, len(days))

    def before(self, time: NDArray[np.int64]) -> NDArray[np.int64]:
        periods, rest = np.divmod(time - self.origin_ms, self.period_ms)
        found: NDArray[np.int64] = (
            periods * self.counts[-1] + self.counts[rest // self.step_ms]
        )
        return found

    def after(self, time: NDArray[np.int64]) -> NDArray[np.int64]:
        expected = np.flatnonzero(np.diff(self.counts))
        periods, slots = np.divmod(self.before(time), int(self.counts[-1]))
        opens = periods * self.period_ms + expected[slots] * self.step_ms
        return np.asarray(self.origin_ms + opens)


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """The opens of all expected bars, in order; none beyond what the list spans."""

    step_ms: int
    opens: NDArray[np.int64]

    @property
    def always(self) -> bool:
        return False

    @property
    def exact(self) -> bool:
        return True

    @property
    def bars_per_day(self) -> float:
        return len(self.opens) / max(1, len(np.unique(self.opens // DAY_MS)))

    def before(self, time: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted(self.opens, time).astype(np.int64)

    def after(self, time: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.opens[self.before(time)]


def sessions_of(
    time: NDArray[np.int64], timeframe: Timeframe, calendar: str | Schedule
) -> Sessions:
    """Return what to expect of a market; ``time`` holds the bars that there are.

    ``calendar`` is one of ``markets``, or the schedule of an exchange. Of an exchange
    without a schedule its own bars tell at which hours of weekdays it trades; bars
    longer than a day are then expected always.
    """
    if isinstance(calendar, Schedule):
        return _listed(time, timeframe, calendar)
    slots = WEEK_MS // timeframe.ms
    if calendar == ALWAYS or timeframe.ms > DAY_MS:
        return _weekly(timeframe, np.ones(1, np.bool_))
    if timeframe.ms == DAY_MS:
        return _weekly(timeframe, np.arange(slots) < 5)
    if calendar == FX:
        opens = timeframe.ms * np.arange(slots)
        closed = (opens + timeframe.ms > FX_CLOSES) & (opens < FX_OPENS)
        return _weekly(timeframe, ~closed)
    week, rest = np.divmod(time - _week_origin(timeframe), WEEK_MS)
    seen = np.bincount(rest // timeframe.ms, minlength=slots)
    return _weekly(timeframe, seen >= max(1.0, USUAL * len(np.unique(week))))


def _weekly(timeframe: Timeframe, expected: NDArray[np.bool_]) -> Weekly:
    counts = np.concatenate([[0], np.cumsum(expected)]).astype(np.int64)
    return Weekly(timeframe.ms, _week_origin(timeframe), counts)


def _week_origin(timeframe: Timeframe) -> int:
    """Return a Monday's first open."""
    return WEEK_ORIGIN_MS + timeframe.anchor_ms


def _listed(
    time: NDArray[np.int64], timeframe: Timeframe, schedule: Schedule
) -> Listed:
    if len(time) == 0:
        return Listed(timeframe.ms, time)
    near = schedule.around(int(time[0]), int(time[-1]))
    if timeframe.ms >= DAY_MS:
        return Listed(timeframe.ms, np.unique(_floor(near.date, timeframe)))
    begin = np.concatenate([near.open, near.resume])
    end = np.concatenate([near.pause, near.close])
    some = begin < end
    return Listed(timeframe.ms, _slots(time, timeframe, begin[some], end[some]))


def _slots(
    time: NDArray[np.int64],
    timeframe: Timeframe,
    begin: NDArray[np.int64],
    end: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the opens of bars that lie in [begin, end).

    Those that lie in it in part only are among them where they are usual.
    """
    step = timeframe.ms
    first = -_floor(-begin, timeframe, mirrored=True)
    last = _floor(end, timeframe)
    counts = np.maximum(0, (last - first) // step)
    starts = np.repeat(first - step * (np.cumsum(counts) - counts), counts)
    whole = starts + step * np.arange(len(starts))
    found = [whole]
    for part in (first[first > begin] - step, last[last < end]):
        inside = part[(part >= time[0]) & (part <= time[-1])]
        if len(inside) and np.isin(inside, time).mean() >= USUAL:
            found.append(part)
    return np.unique(np.concatenate(found))


def _floor(
    time: NDArray[np.int64], timeframe: Timeframe, *, mirrored: bool = False
) -> NDArray[np.int64]:
    """Return the open of the bar that contains each time (negated: of the next)."""
    origin = -timeframe.origin_ms if mirrored else timeframe.origin_ms
    return time - (time - origin) % timeframe.ms
