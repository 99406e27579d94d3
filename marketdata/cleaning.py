"""Which rows of a file are candles: every refused row is counted under its reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import Timeframe

# Exchanges' own rounding leaves the last bit of a price apart.
TOLERANCE = 1e-12
# From 1980: a smaller number is a zero that stands for nothing, a date such as
# 20240101, or a spreadsheet's count of days. To about 2262, where nanoseconds end.
MIN_TIME_MS = 315_532_800_000
MAX_TIME_MS = 9_223_372_036_854
# Beyond any market, yet far from where sums and products leave float64.
MAX_VALUE = 1e24
MIN_PRICE = 1e-24
# Enough to find a fault by; a file may have millions of them.
FIRST_LINES = 5
# Of the refused rows as many are kept to be looked at, of each reason as many.
KEPT_ROWS = 1000


@dataclass(frozen=True, slots=True)
class RawCandles:
    """Columns as a file holds them: unjudged, in file order.

    ``time`` is the open time in milliseconds UTC as float64, NaN where unreadable;
    the others are float64 with NaN where a cell is empty or not a number. ``day`` is
    the same open as midnight UTC of its date, for markets whose days begin at a local
    midnight. ``line`` is the line of each row in the file; None counts from 1.
    ``adjusted`` is the close adjusted for dividends as well; ``dividend`` and ``split``
    are what a share paid and by how many it was replaced, zero for nothing.
    """

    time: NDArray[np.float64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    day: NDArray[np.float64] | None = field(default=None, kw_only=True)
    line: NDArray[np.int64] | None = field(default=None, kw_only=True)
    adjusted: NDArray[np.float64] | None = field(default=None, kw_only=True)
    dividend: NDArray[np.float64] | None = field(default=None, kw_only=True)
    split: NDArray[np.float64] | None = field(default=None, kw_only=True)

    @classmethod
    def empty(cls) -> "RawCandles":
        return cls(*(np.empty(0) for _ in range(6)))

    @property
    def opens(self) -> NDArray[np.float64]:
        """The times under which the candles are stored."""
        return self.time if self.day is None else self.day

    @property
    def tells_actions(self) -> bool:
        """Say whether there are splits or dividends among the columns."""
        return self.split is not None or self.dividend is not None

    def rows(self, wanted: NDArray[np.bool_]) -> "RawCandles":
        """Return the marked rows."""
        columns: dict[str, Any] = {
            one.name: None if column is None else column[wanted]
            for one in fields(self)
            for column in [getattr(self, one.name)]
        }
        return RawCandles(**columns)

    def first_lines(self, rows: NDArray[np.bool_]) -> tuple[int, ...]:
        """Return the lines of the first few of the marked rows."""
        found = np.flatnonzero(rows)[:FIRST_LINES]
        lines = found + 1 if self.line is None else self.line[found]
        return tuple(lines.tolist())


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no candle, as it was read; NaN is what could not be read.

    ``time_ms`` is the open time; ``values`` are open, high, low, close and volume.
    """

    reason: str
    line: int
    time_ms: float
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The candles of a file in time order, and the refused rows by reason.

    A row may have several faults; it counts under the first in the order of
    ``rejected``, so that the counts add up to the rows that are not stored. ``lines``
    has the first few lines of each reason, ``refused`` the first ``KEPT_ROWS`` rows.
    """

    rows: int
    ohlcv: Ohlcv
    rejected: dict[str, int]
    lines: dict[str, tuple[int, ...]]
    refused: tuple[Refused, ...] = ()


def clean(raw: RawCandles, timeframe: Timeframe, now_ms: int) -> Cleaned:
    """Keep the rows that are finished, valid, unique candles on the grid.

    Of rows with one time the first stays; a later one is identical to one before it,
    or conflicting. ``now_ms`` decides what is unfinished and what is in the future.
    """
    keep = np.ones(len(raw.time), dtype=np.bool_)
    refused: dict[str, NDArray[np.bool_]] = {}
    with np.errstate(over="ignore", invalid="ignore"):
        for reason, faulty in _faults(raw, timeframe, now_ms):
            refused[reason] = faulty & keep
            keep &= ~faulty
    order = np.flatnonzero(keep)
    order = order[np.argsort(raw.opens[order], kind="stable")]
    repeats = _repeats(raw, order)
    for reason, positions in repeats.items():
        marks = np.zeros(len(keep), dtype=np.bool_)
        marks[positions] = True
        refused[reason] = marks
        keep &= ~marks
    counts = {reason: int(rows.sum()) for reason, rows in refused.items()}
    return Cleaned(
        len(keep),
        _candles(raw, order[keep[order]]),
        {reason: count for reason, count in counts.items() if count},
        {
            reason: raw.first_lines(rows)
            for reason, rows in refused.items()
            if counts[reason]
        },
        tuple(_kept(raw, refused)),
    )


def time_is_sane(time: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which times in milliseconds lie where market data may lie."""
    sane: NDArray[np.bool_] = (time >= MIN_TIME_MS) & (time < MAX_TIME_MS)
    return sane


def _faults(
    raw: RawCandles, timeframe: Timeframe, now_ms: int
) -> list[tuple[str, NDArray[np.bool_]]]:
    prices = (raw.open, raw.high, raw.low, raw.close)
    values = (*prices, raw.volume)
    time_ok = time_is_sane(raw.opens)
    time = np.where(time_ok, raw.opens, 0)
    body_high = np.maximum(raw.open, raw.close)
    body_low = np.minimum(raw.open, raw.close)
    return [
        ("bad_timestamp", ~time_ok),
        ("nan", _any(np.isnan(v) for v in values)),
        ("inf", _any(np.isinf(v) for v in values)),
        ("nonpositive_price", _any(p <= 0 for p in prices)),
        (
            "ohlc_violation",
            (raw.high < body_high * (1 - TOLERANCE))
            | (raw.low > body_low * (1 + TOLERANCE)),
        ),
        ("negative_volume", raw.volume < 0),
        (
            "out_of_range",
            _any(p < MIN_PRICE for p in prices) | _any(v > MAX_VALUE for v in values),
        ),
        ("off_grid", (time - timeframe.origin_ms) % timeframe.ms != 0),
        ("future", time > now_ms),
        ("unfinished", time + timeframe.ms > now_ms),
    ]


def _kept(raw: RawCandles, refused: dict[str, NDArray[np.bool_]]) -> Iterator[Refused]:
    """Yield the first rows of each reason: a flood of one hides no other."""
    found = {reason: np.flatnonzero(rows) for reason, rows in refused.items()}
    each = KEPT_ROWS // max(1, sum(len(rows) > 0 for rows in found.values()))
    values = (raw.open, raw.high, raw.low, raw.close, raw.volume)
    for reason, rows in found.items():
        for row in rows[:each].tolist():
            yield Refused(
                reason,
                row + 1 if raw.line is None else int(raw.line[row]),
                float(raw.opens[row]),
                tuple(float(column[row]) for column in values),
            )


def _any(masks: Iterable[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    return reduce(np.logical_or, masks)


def _repeats(raw: RawCandles, order: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Return the positions of repeated times, apart by whether they say the same."""
    identical, conflicting = find_repeats(
        raw.opens[order],
        [c[order] for c in (raw.open, raw.high, raw.low, raw.close, raw.volume)],
    )
    return {
        "duplicates_identical": order[identical],
        "duplicates_conflicting": order[conflicting],
    }


def find_repeats(
    time: NDArray[np.float64], values: list[NDArray[np.float64]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the positions of rows whose (sorted) time an earlier row has.

    The first are those that equal an earlier row in every value, missing values
    included; the second are all others.
    """
    again = time[1:] == time[:-1]
    repeated = np.flatnonzero(again) + 1
    shared = np.flatnonzero(np.append(again, False) | np.insert(again, 0, False))
    # Adding zero makes -0.0 the same as 0.0.
    record = np.column_stack([column[shared] for column in (time, *values)]) + 0.0
    as_bytes = np.ascontiguousarray(record).view(f"V{8 * record.shape[1]}").ravel()
    _, firsts = np.unique(as_bytes, return_index=True)
    conflicting = np.intersect1d(shared[firsts], repeated, assume_unique=True)
    return np.setdiff1d(repeated, conflicting, assume_unique=True), conflicting


def _candles(raw: RawCandles, order: NDArray[np.int64]) -> Ohlcv:
    # Adding zero turns -0.0 into 0.0, so that equal candles have equal bytes.
    values = (raw.open, raw.high, raw.low, raw.close, raw.volume)
    return Ohlcv(
        raw.opens[order].astype(np.int64), *(column[order] + 0.0 for column in values)
    )
