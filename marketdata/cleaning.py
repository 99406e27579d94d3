"""Which rows of a file are candles: every refused row is counted under its reason."""

from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class RawCandles:
    """Columns as a file holds them: unjudged, in file order.

    ``time`` is the open time in milliseconds UTC as float64, NaN where unreadable;
    the others are float64 with NaN where a cell is empty or not a number. ``ragged``
    counts the rows whose cells do not fit the columns; they are in none of them.
    """

    time: NDArray[np.float64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    ragged: int = field(default=0, kw_only=True)

    @classmethod
    def empty(cls) -> "RawCandles":
        return cls(*(np.empty(0) for _ in range(6)))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The candles of a file in time order, and the refused rows by reason.

    A row may have several faults; it counts under the first in the order of
    ``rejected``, so that the counts add up to the rows that are not stored.
    """

    rows: int
    ohlcv: Ohlcv
    rejected: dict[str, int]


def clean(raw: RawCandles, timeframe: Timeframe, now_ms: int) -> Cleaned:
    """Keep the rows that are finished, valid, unique candles on the grid.

    Of rows with one time the first stays; a later one is identical or conflicting
    as compared with it. ``now_ms`` decides what is unfinished.
    """
    rows = len(raw.time) + raw.ragged
    keep = np.ones(len(raw.time), dtype=np.bool_)
    rejected = {"ragged": raw.ragged}
    with np.errstate(over="ignore", invalid="ignore"):
        for reason, faulty in _faults(raw, timeframe, now_ms):
            rejected[reason] = int((faulty & keep).sum())
            keep &= ~faulty
    candles, identical, conflicting = _first_of_each(raw, keep)
    rejected["duplicates_identical"] = identical
    rejected["duplicates_conflicting"] = conflicting
    return Cleaned(rows, candles, {k: n for k, n in rejected.items() if n})


def time_is_sane(time: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which times in milliseconds lie where market data may lie."""
    sane: NDArray[np.bool_] = (time >= MIN_TIME_MS) & (time < MAX_TIME_MS)
    return sane


def _faults(
    raw: RawCandles, timeframe: Timeframe, now_ms: int
) -> list[tuple[str, NDArray[np.bool_]]]:
    prices = (raw.open, raw.high, raw.low, raw.close)
    values = (*prices, raw.volume)
    time_ok = time_is_sane(raw.time)
    time = np.where(time_ok, raw.time, 0)
    body_high = np.maximum(raw.open, raw.close)
    body_low = np.minimum(raw.open, raw.close)
    return [
        ("bad_timestamp", ~time_ok),
        ("nan", np.any([np.isnan(v) for v in values], axis=0)),
        ("inf", np.any([np.isinf(v) for v in values], axis=0)),
        ("nonpositive_price", np.any([p <= 0 for p in prices], axis=0)),
        (
            "ohlc_violation",
            (raw.high < body_high * (1 - TOLERANCE))
            | (raw.low > body_low * (1 + TOLERANCE)),
        ),
        ("negative_volume", raw.volume < 0),
        (
            "out_of_range",
            np.any([p < MIN_PRICE for p in prices], axis=0)
            | np.any([v > MAX_VALUE for v in values], axis=0),
        ),
        ("off_grid", (time - timeframe.origin_ms) % timeframe.ms != 0),
        ("unfinished", time + timeframe.ms > now_ms),
    ]


def _first_of_each(raw: RawCandles, keep: NDArray[np.bool_]) -> tuple[Ohlcv, int, int]:
    """Return the kept rows by time, and the identical and conflicting repeats."""
    time = raw.time[keep].astype(np.int64)
    # Adding zero turns -0.0 into 0.0, so that equal candles have equal bytes.
    values = [
        column[keep] + 0.0
        for column in (raw.open, raw.high, raw.low, raw.close, raw.volume)
    ]
    order = np.argsort(time, kind="stable")
    time = time[order]
    values = [column[order] for column in values]
    first = np.flatnonzero(np.diff(time, prepend=time[:1] - 1))
    owner = first[np.cumsum(np.isin(np.arange(len(time)), first)) - 1]
    same = np.ones(len(time), dtype=np.bool_)
    for column in values:
        same &= column == column[owner]
    identical = int(same.sum()) - len(first)
    conflicting = int((~same).sum())
    return Ohlcv(time[first], *(c[first] for c in values)), identical, conflicting
