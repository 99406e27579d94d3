"""Cells of text as times: Unix numbers and written dates; what is neither is NaN.

A time says its own unit or zone, or the file as a whole does; nothing is guessed from
one cell. Naive times are kept apart, so that a zone can be given to them.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from marketdata.formats.cells import PADDING, Cells

# Unix time; a trailing .0 is how a spreadsheet writes a whole number. An exponent is
# no time: it says that digits are gone.
UNIX = r"^-?\d{1,19}$"
ZERO_FRACTION = r"\.0+$"
END = r"[ -]?(?P<half>[AaPp][Mm])? ?(?P<zone>Z|UTC|[-+]\d{2}:?\d{2})?)?$"
CLOCK = (
    r"(?:[T ](?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})"
    r"(?:\.(?P<fraction>\d{1,9}))?)?)?" + END
)
# Beside a date of eight digits the colons may be left out as well.
COMPACT_CLOCK = (
    r"(?:[T ]?(?P<hour>\d{1,2})(?::?(?P<minute>\d{2})(?::?(?P<second>\d{2})"
    r"(?:\.(?P<fraction>\d{1,9}))?)?)?" + END
)
MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
# A year of two digits, as POSIX reads it: 69 is 2069 and 70 is 1970.
LAST_SHORT_OF_2000 = 69
# A Unix time tells its unit by its size: seconds up to the year 5138, then
# milliseconds, microseconds and nanoseconds, each from 1973.
SECONDS_BELOW = 10**11
MILLISECONDS_BELOW = 10**14
MICROSECONDS_BELOW = 10**17
# In any unit but seconds this is the first day of 1970: it takes the file's unit.
TELLING_FROM = 10**8


class Dates(Enum):
    """The order of day, month and year in a written date."""

    ISO = r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    COMPACT = r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    # With the month's name, which is made a number first.
    DAY_NAMED = r"^(?P<day>\d{1,2})[- ](?P<month>\d{2})[-, ]+(?P<year>\d{4}|\d{2}),?"
    NAMED_DAY = r"^(?P<month>\d{2})[- ](?P<day>\d{1,2})[-, ]+(?P<year>\d{4}|\d{2}),?"
    DAY_FIRST = r"^(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}),?"
    MONTH_FIRST = r"^(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4}),?"

    @property
    def pattern(self) -> str:
        """The regular expression of a whole cell."""
        return self.value + (COMPACT_CLOCK if self is Dates.COMPACT else CLOCK)


@dataclass(frozen=True, slots=True)
class Moments:
    """Times in milliseconds, NaN where unreadable.

    ``local`` is what the clock on the wall said, as if it were UTC; ``naive`` marks
    those that say a time of day but no zone. ``small`` marks those that are too small
    to tell their unit and stand as if they were seconds; ``ticks_per_ms`` is the unit
    of most of the others, None without one.
    """

    time: NDArray[np.float64]
    local: NDArray[np.float64]
    naive: NDArray[np.bool_]
    small: NDArray[np.bool_]
    ticks_per_ms: float | None


def moments(cells: Cells, dates: Dates = Dates.ISO) -> Moments:
    """Return the times of the cells, rounded down to the millisecond."""
    if dates is not Dates.COMPACT:
        try:
            return _unix(_integers(cells))
        except pa.ArrowInvalid:
            # One that is no whole number fails them all: look at each.
            pass
    trimmed = pc.utf8_trim(cells, PADDING)
    time, local = np.full((2, len(cells)), np.nan)
    naive, small = np.zeros((2, len(cells)), dtype=np.bool_)
    unit = None
    if dates is not Dates.COMPACT:
        whole = pc.replace_substring_regex(trimmed, ZERO_FRACTION, "")
        unix = np.array(pc.match_substring_regex(whole, UNIX), dtype=np.bool_)
        found = _unix(_large_integers(whole.filter(pa.array(unix))))
        time[unix] = local[unix] = found.time
        small[unix], unit = found.small, found.ticks_per_ms
    if dates in (Dates.DAY_NAMED, Dates.NAMED_DAY):
        trimmed = _numbered(trimmed)
    written = pc.extract_regex(trimmed, dates.pattern)
    dated = np.array(pc.is_valid(written), dtype=np.bool_)
    if dated.any():
        parts = written.filter(pa.array(dated))
        local[dated], offset, naive[dated] = _civil(parts)
        time[dated] = local[dated] - offset
    return Moments(time, local, naive, small, unit)


def _unix(ticks: NDArray[np.int64]) -> Moments:
    time = _milliseconds(ticks)
    small = np.abs(ticks) < TELLING_FROM
    naive = np.zeros(len(ticks), dtype=np.bool_)
    return Moments(time, time, naive, small, _unit(ticks))


def _integers(cells: Cells) -> NDArray[np.int64]:
    return np.array(pc.cast(cells, pa.int64()), dtype=np.int64)


def _large_integers(cells: Cells) -> NDArray[np.int64]:
    """Return whole numbers; one of nineteen digits may be more than int64 holds."""
    digits = pc.cast(pc.utf8_ltrim(cells, "-"), pa.uint64())
    size = np.minimum(np.array(digits, np.uint64), np.uint64(2**63 - 1))
    sign = np.where(np.array(pc.starts_with(cells, "-"), np.bool_), -1, 1)
    return size.astype(np.int64) * sign


def _ticks_per_ms(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Tell the unit of each Unix time by its size."""
    size = np.abs(ticks)
    bounds = (SECONDS_BELOW, MILLISECONDS_BELOW, MICROSECONDS_BELOW)
    return np.select([size < bound for bound in bounds], [1e-3, 1.0, 1e3], 1e6)


def _milliseconds(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Scale each time by its unit, in exact integers."""
    size = np.abs(ticks)
    seconds = size < SECONDS_BELOW
    scaled = np.select(
        [seconds, size < MILLISECONDS_BELOW, size < MICROSECONDS_BELOW],
        [np.where(seconds, ticks, 0) * 1000, ticks, ticks // 1000],
        ticks // 1_000_000,
    )
    return np.asarray(scaled, dtype=np.float64)


def _unit(ticks: NDArray[np.int64]) -> float | None:
    telling = ticks[np.abs(ticks) >= TELLING_FROM]
    return float(np.median(_ticks_per_ms(telling))) if len(telling) else None


def _civil(
    parts: Any,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return local milliseconds, the offset in them, and which have no zone."""

    def number(name: str) -> NDArray[np.int64]:
        cells = parts.field(name)
        filled = pc.if_else(pc.equal(cells, pa.scalar("")), "0", cells)
        return np.array(pc.cast(filled, pa.int64()), dtype=np.int64)

    year, month, day = number("year"), number("month"), number("day")
    digits = np.array(pc.utf8_length(parts.field("year")), np.int64)
    short = digits == len("69")
    year += np.where(short, np.where(year > LAST_SHORT_OF_2000, 1900, 2000), 0)
    hour, minute, second = number("hour"), number("minute"), number("second")
    half = pc.utf8_lower(parts.field("half"))
    morning, evening = (
        np.array(pc.equal(half, pa.scalar(h)), np.bool_) for h in ("am", "pm")
    )
    twelve = morning | evening
    right = (hour < 24) & (minute < 60) & (second < 60) & (month >= 1) & (month <= 12)
    right &= ~twelve | ((hour >= 1) & (hour <= 12))
    hour = np.where(twelve, hour % 12 + 12 * evening, hour)
    fraction = pc.utf8_slice_codeunits(
        pc.utf8_rpad(parts.field("fraction"), 3, "0"), 0, 3
    )
    millisecond = np.array(pc.cast(fraction, pa.int64()), dtype=np.int64)
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]")
    right &= (day >= 1) & (day <= after.astype(np.int64) - first)
    clock = ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
    local = ((first + day - 1) * 86_400_000 + clock).astype(np.float64)
    local[~right] = np.nan
    zone = parts.field("zone")
    has_clock = np.array(pc.not_equal(parts.field("hour"), pa.scalar("")), np.bool_)
    naive = has_clock & np.array(pc.equal(zone, pa.scalar("")), np.bool_)
    return local, _offset(zone), naive


def _numbered(cells: Cells) -> Cells:
    """Return the cells with the names of months as two digits."""
    for number, name in enumerate(MONTHS, 1):
        spelt = rf"(?i)\b{name}[a-z]*\.?"
        cells = pc.replace_substring_regex(cells, spelt, f"{number:02d}")
    return cells


def _offset(zone: Any) -> NDArray[np.float64]:
    """Return the milliseconds that a zone is ahead of UTC."""
    plain = pc.replace_substring(zone, ":", "")
    plain = pc.if_else(pc.match_substring_regex(plain, r"^[-+]"), plain, "+0000")
    minutes = pc.cast(pc.utf8_slice_codeunits(plain, 3, 5), pa.int64())
    hours = pc.cast(pc.utf8_slice_codeunits(plain, 1, 3), pa.int64())
    ahead = np.array(hours, np.int64) * 60 + np.array(minutes, np.int64)
    behind = np.array(pc.starts_with(plain, "-"), np.bool_)
    return np.where(behind, -ahead, ahead) * 60_000.0
