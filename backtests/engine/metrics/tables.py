"""Tables of a run: returns by month and year, drawdown periods."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.drawdown import drawdown_periods

PERIOD_DTYPE = np.dtype(
    [("start", np.int64), ("return", np.float64), ("bars", np.int64)]
)
DRAWDOWN_DTYPE = np.dtype(
    [
        ("peak_bar", np.int64),
        ("bottom_bar", np.int64),
        ("end_bar", np.int64),
        ("depth", np.float64),
        ("seconds", np.int64),
        ("recovered", np.bool_),
    ]
)


def periodic_returns(
    time: NDArray[np.int64], equity: NDArray[np.float64], by: Literal["month", "year"]
) -> NDArray[np.void]:
    """Return (start ms, return, bars) of every UTC month or year that has bars.

    A period's return runs from the last equity of the one before, the first period's
    from the first bar's equity; together they multiply to the total return.
    """
    if not len(time):
        return np.empty(0, PERIOD_DTYPE)
    unit = "datetime64[M]" if by == "month" else "datetime64[Y]"
    periods = time.astype("datetime64[ms]").astype(unit)
    last = np.flatnonzero(np.r_[periods[1:] != periods[:-1], True])
    before = np.r_[equity[0], equity[last[:-1]]]
    table = np.empty(len(last), PERIOD_DTYPE)
    table["start"] = periods[last].astype("datetime64[ms]").astype(np.int64)
    table["return"] = np.divide(
        equity[last], before, out=np.full(len(last), np.nan), where=before > 0
    )
    table["return"] -= 1
    table["bars"] = np.diff(np.r_[-1, last])
    return table


def drawdown_table(
    time: NDArray[np.int64], equity: NDArray[np.float64], count: int = 10
) -> NDArray[np.void]:
    """Return the ``count`` deepest drawdown periods, the deepest first.

    ``depth`` is at most 0; ``seconds`` run from the peak to the recovery, or to the
    last bar of a period that has not ``recovered``.
    """
    if not len(equity):
        return np.empty(0, DRAWDOWN_DTYPE)
    spans = np.empty((len(equity), 3), np.int64)
    spans = spans[: drawdown_periods(equity, spans)]
    peak, bottom, end = spans.T
    table = np.empty(len(spans), DRAWDOWN_DTYPE)
    table["peak_bar"], table["bottom_bar"], table["end_bar"] = peak, bottom, end
    table["depth"] = equity[bottom] / equity[peak] - 1
    table["seconds"] = (time[end] - time[peak]) // 1000
    table["recovered"] = equity[end] >= equity[peak]
    return table[np.argsort(table["depth"], kind="stable")[:count]]
