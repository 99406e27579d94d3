"""Adjusted prices beside those that are stored: whether they are on one scale."""

import numpy as np

from botforge.errors import Conflict
from marketdata.adjusting import scale_beyond
from marketdata.cleaning import RawCandles
from marketdata.models import Series
from marketdata.ohlcv import Ohlcv
from marketdata.services.actions import split_after
from marketdata.storage import milliseconds, read_candles

Adjustment = Series.Adjustment
OTHER_SCALE = "other_scale"
# By how much two closes of one bar may differ that are adjusted alike. A dividend is
# often less than a hundredth of the price; a split never is.
LIMITS = {Adjustment.SPLIT: 1e-2, Adjustment.SPLIT_DIVIDEND: 1e-5}


def scale_check(*, series: Series, ohlcv: Ohlcv) -> None:
    """Refuse adjusted prices that would leave others beside them on another scale.

    Raises ``Conflict`` with the code ``OTHER_SCALE``.
    """
    limit = LIMITS.get(Adjustment(series.adjustment))
    if limit is None or series.first is None or series.last is None or not len(ohlcv):
        return
    first_ms, last_ms = int(ohlcv.time[0]), int(ohlcv.time[-1])
    edges = milliseconds(series.first) < first_ms, milliseconds(series.last) > last_ms
    stored = read_candles(series, first_ms, last_ms + 1)
    ratio = scale_beyond(stored, ohlcv, edges, limit)
    if ratio is not None:
        raise Conflict(
            f"These prices are {ratio:.4g} times those stored for the same days: since "
            f"one of the two was adjusted, {series} had a split or dividend. Bring all "
            f"of its candles anew, from {series.first:%Y-%m-%d} to "
            f"{series.last:%Y-%m-%d}, or use another source.",
            code=OTHER_SCALE,
        )


def later_split_check(*, series: Series, raw: RawCandles, ohlcv: Ohlcv) -> None:
    """Refuse candles that follow the stored ones and tell of a split in between.

    Raises ``Conflict`` as ``scale_check`` does, which sees what overlaps.
    """
    if series.last is None or series.adjustment == Adjustment.NONE or not len(ohlcv):
        return
    last_ms = milliseconds(series.last)
    if int(ohlcv.time[0]) > last_ms and split_after(raw, last_ms):
        raise Conflict(
            f"Since the candles of {series} were stored there was a split, which they "
            "are not adjusted for. Bring all of them anew, or use another source.",
            code=OTHER_SCALE,
        )


def cover_check(*, series: Series, ohlcv: Ohlcv) -> None:
    """Refuse candles that do not take the place of every stored one.

    Raises ``Conflict``: those that stay would be on another scale.
    """
    stored = read_candles(series, None, None).time
    staying = int((~np.isin(stored, ohlcv.time)).sum())
    if staying:
        raise Conflict(
            f"{series} had a split or dividend, and {staying} of its {len(stored)} "
            "candles cannot be had anew. Delete the series and fetch it again, or use "
            "another source.",
            code=OTHER_SCALE,
        )
