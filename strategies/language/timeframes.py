"""The bars of each timeframe that a program looks at, cut from the same candles."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botforge.errors import FieldError, InvalidInput
from marketdata.ohlcv import Ohlcv
from marketdata.resampling import resample
from marketdata.timeframes import MINUTE_MS, Timeframe
from strategies.language.functions.registry import Bars
from strategies.language.graph import BASE


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Bars, and for each base bar the number of those that are over by its close."""

    bars: Bars
    over: NDArray[np.int64]


class Frames:
    """The frames of one run; each is cut when it is first asked for."""

    def __init__(self, ohlcv: Ohlcv, timeframe_ms: int | None = None) -> None:
        self.ohlcv = ohlcv
        self.timeframe_ms = timeframe_ms or smallest_step_ms(ohlcv)
        self._frames: dict[str, Frame] = {}

    def __len__(self) -> int:
        return len(self.ohlcv)

    def bars(self, code: str) -> Bars:
        if code == BASE:
            return bars_of(self.ohlcv, self.timeframe_ms)
        return self._frame(code).bars

    def on_base(self, code: str, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return values of the frame's bars for each base bar: the last one that is
        over by its close; NaN, or False, before the first."""
        first = (
            np.zeros(1, np.bool_) if values.dtype == np.bool_ else np.array([np.nan])
        )
        return np.concatenate((first, values))[self._frame(code).over]

    def _frame(self, code: str) -> Frame:
        if code not in self._frames:
            self._frames[code] = self._cut(Timeframe.parse(code))
        return self._frames[code]

    def _cut(self, timeframe: Timeframe) -> Frame:
        if len(self.ohlcv) == 0:
            return Frame(bars_of(self.ohlcv, timeframe.ms), np.empty(0, np.int64))
        check_multiples((str(timeframe),), self.timeframe_ms)
        time = self.ohlcv.time
        higher = resample(self.ohlcv, timeframe)
        # The data may begin in the middle of a bar: that one is incomplete.
        begun = int(time[0] != higher.time[0])
        higher = higher.slice(begun, len(higher))
        closes = higher.time + timeframe.ms
        # A bar is over at the close of a base bar, and never before its last one,
        # whatever the clock says of candles that are off the grid.
        by_clock = np.searchsorted(time, closes - self.timeframe_ms)
        last = np.searchsorted(time, closes) - 1
        seen_at = np.maximum(by_clock, last)
        seen = np.bincount(seen_at[seen_at < len(time)], minlength=len(time))
        over = np.cumsum(seen)
        complete = int(over[-1])
        return Frame(bars_of(higher.slice(0, complete), timeframe.ms), over)


def bars_of(ohlcv: Ohlcv, timeframe_ms: int) -> Bars:
    return Bars(
        ohlcv.time,
        ohlcv.open,
        ohlcv.high,
        ohlcv.low,
        ohlcv.close,
        ohlcv.volume,
        timeframe_ms,
    )


def smallest_step_ms(ohlcv: Ohlcv) -> int:
    """Return the timeframe that candles without a label must have."""
    if len(ohlcv) < 2:
        return MINUTE_MS
    return int(np.diff(ohlcv.time).min())


def misfits(codes: Iterable[str], timeframe_ms: int) -> dict[str, FieldError]:
    """Return what is wrong with each timeframe that is no multiple of the base's."""
    return {
        code: FieldError(
            "/strategy",
            "timeframe_does_not_fit",
            f'htf("{code}") needs candles of which a whole number makes {code}; these '
            f"are of {timeframe_ms // MINUTE_MS} minutes.",
        )
        for code in codes
        if Timeframe.parse(code).ms % timeframe_ms
    }


def check_multiples(codes: Iterable[str], timeframe_ms: int) -> None:
    """Raise ``InvalidInput`` unless whole base bars make a bar of every timeframe."""
    errors = misfits(codes, timeframe_ms)
    if errors:
        raise InvalidInput(*errors.values())
