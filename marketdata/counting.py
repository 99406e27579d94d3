"""What a file holds, counted: rows, times, repeats, gaps and faults.

The counts describe the file as it lies there, before anything is refused; the names
and their meaning are those of the manifest of the reference data.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from marketdata.cleaning import RawCandles, find_repeats
from marketdata.timeframes import DAY_MS, Timeframe

BAD = (
    "bad_timestamp",
    "nan",
    "inf",
    "nonpositive_price",
    "ohlc_violation",
    "negative_volume",
)
# 1970-01-01 was a Thursday.
THURSDAY = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one file; ``off_grid`` is None where days are exchange days.

    ``first_ms`` and ``last_ms`` are None without a readable time.
    """

    NAMES: ClassVar = (
        *("rows", "unique_ts", "duplicates_identical", "duplicates_conflicting"),
        *("out_of_order", "off_grid", "bad_rows", "bad", "gaps", "missing_bars"),
        "zero_volume_rows",
    )

    rows: int
    unique_ts: int
    duplicates_identical: int
    duplicates_conflicting: int
    out_of_order: int
    off_grid: int | None
    bad_rows: int
    bad: dict[str, int]
    gaps: int
    missing_bars: int
    zero_volume_rows: int
    first_ms: int | None
    last_ms: int | None

    @classmethod
    def nothing(cls) -> "Counts":
        """Return the counts of a file without a row."""
        return count(RawCandles.empty(), Timeframe.parse("1m"))


def count(raw: RawCandles, timeframe: Timeframe, *, weekdays: bool = False) -> Counts:
    """Count what a file holds of candles of one timeframe.

    Of days without a weekend the gaps are missing weekdays. Where the file is too short
    to show that there are none, ``weekdays`` says that its market is closed on them.
    """
    with np.errstate(invalid="ignore"):
        opens = raw.opens[~np.isnan(raw.time)]
        time = raw.time[~np.isnan(raw.time)]
        if timeframe.ms == DAY_MS and _only_weekdays(opens, closed=weekdays):
            return _count(raw, _weekday_gaps(opens), None)
        off_grid = int((time % timeframe.ms != 0).sum())
        return _count(raw, _gaps(np.unique(time), timeframe), off_grid)


def count_months(raw: RawCandles) -> Counts:
    """Count what a file holds of monthly bars: the gaps are calendar months."""
    time = raw.opens[~np.isnan(raw.opens)].astype("datetime64[ms]")
    months = np.unique(time.astype("datetime64[M]").astype(np.int64))
    with np.errstate(invalid="ignore"):
        return _count(raw, _jumps(months), None)


def _count(raw: RawCandles, gaps: tuple[int, int], off_grid: int | None) -> Counts:
    readable = np.flatnonzero(~np.isnan(raw.time))
    time = raw.time[readable]
    order = readable[np.argsort(time, kind="stable")]
    values = [raw.open, raw.high, raw.low, raw.close, raw.volume]
    identical, conflicting = find_repeats(
        raw.time[order], [column[order] for column in values]
    )
    faults = _faults(raw)
    unique = np.unique(time)
    return Counts(
        rows=len(raw.time),
        unique_ts=len(unique),
        duplicates_identical=len(identical),
        duplicates_conflicting=len(conflicting),
        out_of_order=int((np.diff(time) < 0).sum()),
        off_grid=off_grid,
        bad_rows=int(np.logical_or.reduce(faults).sum()),
        bad={name: int(f.sum()) for name, f in zip(BAD, faults, strict=True)},
        gaps=gaps[0],
        missing_bars=gaps[1],
        zero_volume_rows=int((raw.volume == 0).sum()),
        first_ms=int(unique[0]) if len(unique) else None,
        last_ms=int(unique[-1]) if len(unique) else None,
    )


def _faults(raw: RawCandles) -> list[NDArray[np.bool_]]:
    prices = (raw.open, raw.high, raw.low, raw.close)
    values = (*prices, raw.volume)
    top = np.maximum(np.maximum(raw.open, raw.close), raw.low)
    bottom = np.minimum(np.minimum(raw.open, raw.close), raw.high)
    return [
        np.isnan(raw.time),
        np.logical_or.reduce([np.isnan(v) for v in values]),
        np.logical_or.reduce([np.isinf(v) for v in values]),
        np.logical_or.reduce([p <= 0 for p in prices]),
        (raw.high < top) | (raw.low > bottom),
        raw.volume < 0,
    ]


def _gaps(unique: NDArray[np.float64], timeframe: Timeframe) -> tuple[int, int]:
    steps = np.diff(unique)
    wide = steps[steps > timeframe.ms]
    return len(wide), int((np.ceil(wide / timeframe.ms) - 1).sum())


def _only_weekdays(opens: NDArray[np.float64], *, closed: bool) -> bool:
    """Say whether there are weekends in the span of the days, and no row on them.

    ``closed`` says that there can be none.
    """
    if not len(opens):
        return False
    first, last = np.floor(opens.min() / DAY_MS), np.floor(opens.max() / DAY_MS)
    weekend = (np.floor(opens / DAY_MS) + THURSDAY) % 7 >= 5
    spans = closed or last - first >= (7 - (first + THURSDAY) % 7)
    return bool(not weekend.any() and spans)


def _weekday_gaps(opens: NDArray[np.float64]) -> tuple[int, int]:
    """Count runs of missing Mondays to Fridays, and the days in them."""
    day = np.unique(np.floor(opens / DAY_MS)) + THURSDAY
    return _jumps(day - 2 * (day // 7))


def _jumps(numbers: NDArray[Any]) -> tuple[int, int]:
    """Return how often increasing numbers skip some, and how many they skip."""
    missing = np.diff(numbers) - 1
    return int((missing > 0).sum()), int(missing.sum())
