"""Statistics of closed trades (metrics.md section 2)."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine.metrics.moments import divide
from backtests.engine.metrics.returns import Values

type Series = NDArray[np.float64]


def trades_of(trades: NDArray[Any], time: NDArray[np.int64]) -> Values:
    """Return the statistics of ``trades`` (records.TRADE_DTYPE), profits after costs.

    Without trades everything but the counts is NaN; so are payoff and kelly without a
    loss or a win.
    """
    pnl, ret = trades["pnl"], trades["return"]
    held = (time[trades["exit_bar"]] - time[trades["entry_bar"]]) / 1000
    win_rate, payoff = _mean(pnl > 0), _payoff(pnl)
    return {
        "trades": float(len(trades)),
        "win_rate": win_rate,
        "profit_factor": _profit_factor(pnl),
        "expectancy": _mean(pnl),
        "expectancy_pct": _mean(ret),
        "payoff": payoff,
        "sqn": _sqn(pnl),
        "kelly": win_rate - divide(1 - win_rate, payoff),
        "best_trade": _largest(ret),
        "worst_trade": -_largest(-ret),
        "avg_trade": _geometric_mean(ret),
        "avg_duration": _mean(held),
        "max_duration": _largest(held),
        "avg_mae": _mean(trades["mae"]),
        "avg_mfe": _mean(trades["mfe"]),
        "max_wins": float(_longest_run(pnl > 0)),
        "max_losses": float(_longest_run(~(pnl > 0))),
        **_side("long", pnl[trades["side"] > 0]),
        **_side("short", pnl[trades["side"] < 0]),
    }


def _side(name: str, pnl: Series) -> Values:
    return {
        f"{name}_trades": float(len(pnl)),
        f"{name}_win_rate": _mean(pnl > 0),
        f"{name}_profit_factor": _profit_factor(pnl),
        f"{name}_pnl": float(pnl.sum()),
    }


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else math.nan


def _largest(values: Series) -> float:
    return float(values.max()) if len(values) else math.nan


def _profit_factor(pnl: Series) -> float:
    won, lost = float(pnl[pnl > 0].sum()), -float(pnl[pnl < 0].sum())
    if lost == 0:
        return math.inf if won > 0 else math.nan
    return won / lost


def _payoff(pnl: Series) -> float:
    return divide(_mean(pnl[pnl > 0]), -_mean(pnl[pnl < 0]))


def _sqn(pnl: Series) -> float:
    if len(pnl) < 2:
        return math.nan
    return math.sqrt(len(pnl)) * divide(float(pnl.mean()), float(pnl.std(ddof=1)))


def _geometric_mean(returns: Series) -> float:
    """Return the mean growth; a trade that lost everything or more makes it -1."""
    if not len(returns):
        return math.nan
    if (returns <= -1).any():
        return -1.0
    return math.expm1(float(np.log1p(returns).mean()))


def _longest_run(mask: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False]))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0
