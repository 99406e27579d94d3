"""Axes: from values to places, and the round values that are labelled."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from marketdata.timeframes import DAY_MS, MINUTE_MS

HOUR_MS = 60 * MINUTE_MS
STEPS_MS = (
    MINUTE_MS,
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    HOUR_MS,
    3 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    DAY_MS,
    2 * DAY_MS,
    7 * DAY_MS,
)
STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
MONTH_MS = 30.44 * DAY_MS
TINY = 1e-30


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of values; ``at`` says how far along each is, from 0 to 1."""

    low: float
    high: float

    @classmethod
    def of(cls, *lines: NDArray[np.float64], margin: float = 0.06) -> "Scale":
        """Return the scale that shows every finite value, with room at both ends."""
        finite = [line[np.isfinite(line)] for line in lines]
        values = np.concatenate(finite) if finite else np.empty(0)
        if not len(values):
            return cls(0.0, 1.0)
        low, high = float(values.min()), float(values.max())
        span, size = high - low, max(abs(low), abs(high))
        room = span * margin
        if span <= max(size * 1e-9, TINY):  # a flat line lies in the middle
            room = size * 0.05 if size > TINY else 1.0
        return cls(low - room, high + room)

    def at(
        self, values: NDArray[np.float64] | NDArray[np.int64]
    ) -> NDArray[np.float64]:
        return np.asarray((values - self.low) / (self.high - self.low), np.float64)

    def ticks(self, count: int = 5) -> list[float]:
        """Return about so many round values inside: 1, 2 or 5 times a power of ten."""
        raw = (self.high - self.low) / count
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(s * power for s in (1, 2, 5, 10) if s * power >= raw * (1 - 1e-9))
        first = math.ceil(self.low / step)
        last = math.floor(self.high / step)
        return [float(f"{i * step:.12g}") for i in range(first, last + 1)]


def time_ticks(first_ms: int, last_ms: int, count: int = 5) -> list[tuple[int, str]]:
    """Return about so many times, each with a label, where the calendar turns."""
    span = last_ms - first_ms
    for step in STEPS_MS:
        if span <= step * count:
            form = "%H:%M" if step < DAY_MS else "%d %b"
            begin = -(-first_ms // step) * step
            return [(t, _label(t, form)) for t in range(begin, last_ms + 1, step)]
    months = next((m for m in STEPS_MONTHS if span <= m * MONTH_MS * count), 480)
    return _months(first_ms, last_ms, months)


def _months(first_ms: int, last_ms: int, step: int) -> list[tuple[int, str]]:
    begin = int(np.datetime64(first_ms, "ms").astype("datetime64[M]").astype(int))
    end = int(np.datetime64(last_ms, "ms").astype("datetime64[M]").astype(int))
    ticks = []
    for month in range(-(-begin // step) * step, end + 1, step):
        start = np.datetime64(month, "M").astype("datetime64[ms]")
        time = int(start.astype(np.int64))
        if first_ms <= time <= last_ms:
            ticks.append((time, _label(time, "%Y" if step % 12 == 0 else "%b %Y")))
    return ticks


def _label(time_ms: int, form: str) -> str:
    at = datetime.fromtimestamp(time_ms / 1000, UTC)
    # An hour alone does not say which day begins.
    if form == "%H:%M" and time_ms % DAY_MS == 0:
        form = "%d %b"
    return at.strftime(form)
