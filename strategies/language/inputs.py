"""The series that every program has without computing them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketdata.timeframes import DAY_MS, MINUTE_MS
from strategies.indicators.candles import typical_price
from strategies.language.functions.registry import Bars

HOUR_MS = 60 * MINUTE_MS
# 1970-01-01 was a Thursday, three days after a Monday.
THURSDAY = 3


@dataclass(frozen=True, slots=True)
class Input:
    """A series with its line of documentation and its cost per bar."""

    name: str
    summary: str
    compute: Callable[[Bars], NDArray[np.float64]]
    cost: float = 0.0


def _numbers(values: NDArray[Any]) -> NDArray[np.float64]:
    return values.astype(np.float64)


def _days(bars: Bars) -> NDArray[Any]:
    return bars.time // DAY_MS


def _calendar(bars: Bars, unit: str) -> NDArray[Any]:
    """Return the month or year of each bar, counted from 1970."""
    dates = bars.time.astype("datetime64[ms]").astype(f"datetime64[{unit}]")
    return dates.astype(np.int64)


def _day_of_month(bars: Bars) -> NDArray[np.float64]:
    dates = bars.time.astype("datetime64[ms]")
    first = dates.astype("datetime64[M]").astype("datetime64[D]")
    return _numbers((dates.astype("datetime64[D]") - first).astype(np.int64) + 1)


_INPUTS = (
    Input("open", "The bar's first price.", lambda bars: bars.open),
    Input("high", "The bar's highest price.", lambda bars: bars.high),
    Input("low", "The bar's lowest price.", lambda bars: bars.low),
    Input("close", "The bar's last price.", lambda bars: bars.close),
    Input("volume", "What was traded during the bar.", lambda bars: bars.volume),
    Input(
        "hl2", "The middle of the bar.", lambda bars: (bars.high + bars.low) / 2, 2.0
    ),
    Input(
        "hlc3",
        "The typical price.",
        lambda bars: typical_price(bars.high, bars.low, bars.close),
        5.0,
    ),
    Input(
        "ohlc4",
        "The mean of the four prices.",
        lambda bars: (bars.open + bars.high + bars.low + bars.close) / 4,
        4.0,
    ),
    Input(
        "bar_index",
        "0 for the first bar that is loaded, the warm-up included.",
        lambda bars: np.arange(len(bars.time), dtype=np.float64),
        1.0,
    ),
    Input(
        "bar_minutes",
        "The length of a bar: 60 on hourly candles, inside `htf` that of its bars.",
        lambda bars: np.full(len(bars.time), bars.timeframe_ms / MINUTE_MS),
        1.0,
    ),
    Input(
        "minute",
        "Minute of the bar's open, 0 to 59, UTC.",
        lambda bars: _numbers(bars.time // MINUTE_MS % 60),
        10.0,
    ),
    Input(
        "hour",
        "Hour of the bar's open, 0 to 23, UTC.",
        lambda bars: _numbers(bars.time // HOUR_MS % 24),
        10.0,
    ),
    Input(
        "dayofweek",
        "Day of the bar's open, 0 for Monday to 6 for Sunday, UTC; not Pine's 1 to 7.",
        lambda bars: _numbers((_days(bars) + THURSDAY) % 7),
        10.0,
    ),
    Input("dayofmonth", "Day of the bar's open, 1 to 31, UTC.", _day_of_month, 30.0),
    Input(
        "month",
        "Month of the bar's open, 1 to 12, UTC.",
        lambda bars: _numbers(_calendar(bars, "M") % 12 + 1),
        20.0,
    ),
    Input(
        "year",
        "Year of the bar's open, UTC.",
        lambda bars: _numbers(_calendar(bars, "Y") + 1970),
        20.0,
    ),
)

INPUTS: Mapping[str, Input] = {given.name: given for given in _INPUTS}
