"""What the script draws: numbers as base64 of little-endian arrays, in one JSON.

A line without a number is NaN. Times are whole minutes since 1970, which no timeframe
is shorter than.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine import REASONS
from backtests.reports.curves import Curves
from backtests.reports.data import ReportData
from backtests.reports.distribution import distribution_of
from backtests.reports.labels import REASONS as WORDS
from backtests.reports.plots import HUGE, PlotLine, roles_of
from backtests.reports.trades import drawn_trades, moment_ms
from botforge.arrow import Table
from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import MINUTE_MS, Timeframe


def payload_of(curves: Curves) -> dict[str, Any]:
    """Return everything that the interactive charts show."""
    data = curves.data
    said = data.manifest["data"]
    window, days, sharpe = curves.sharpe
    return {
        "bars_per_bucket": curves.buckets.size,
        "bar": Timeframe.parse(said["timeframe"]).ms // MINUTE_MS,
        "capital": data.manifest["execution"]["initial_capital"],
        "time": _minutes(curves.time),
        "equity": _numbers(curves.equity),
        "benchmark": _optional(curves.benchmark),
        "drawdown": _numbers(curves.drawdown),
        "candles": _candles(curves.candles),
        "plots": _plots(curves.plots),
        "sharpe": {
            "window": window,
            "time": _minutes(days),
            "values": _numbers(sharpe),
        },
        "trades": _trades(data.trades),
        "open_trade": _open_trade(data),
        "distribution": _distribution(data.trades["return"]),
        "reasons": [WORDS[reason] for reason in REASONS],
    }


def _candles(candles: Ohlcv | None) -> dict[str, str] | None:
    if candles is None:
        return None
    prices = {
        name: _numbers(getattr(candles, name))
        for name in ("open", "high", "low", "close")
    }
    return {"time": _minutes(candles.time), **prices}


def _plots(lines: Sequence[PlotLine]) -> dict[str, Any]:
    """Return the lines and, once, the times that they share."""
    return {
        "time": _minutes(lines[0].time) if lines else "",
        "lines": [
            {"kind": line.kind, "role": role, "values": _numbers(line.values)}
            for line, role in zip(lines, roles_of(lines), strict=True)
        ],
    }


def _trades(trades: Table) -> dict[str, Any]:
    drawn = drawn_trades(trades)
    columns = {name: column[drawn] for name, column in trades.items()}
    return {
        "total": len(trades["side"]),
        "drawn": len(drawn),
        "entry_time": _minutes(columns["entry_time"]),
        "exit_time": _minutes(columns["exit_time"]),
        "side": _packed(columns["side"], "<i1"),
        "reason": _packed(columns["exit_reason"], "<i1"),
        **{
            name: _numbers(columns[name])
            for name in ("entry_price", "exit_price", "pnl", "return", "mae", "mfe")
        },
    }


def _open_trade(data: ReportData) -> dict[str, float] | None:
    """Return the position that is open at the end, its exit being the last close."""
    trade = data.open_trade
    if trade is None:
        return None
    return {
        "entry_time": moment_ms(trade["entry_time"]) // MINUTE_MS,
        "exit_time": moment_ms(trade["exit_time"]) // MINUTE_MS,
        "side": 1 if trade["side"] == "long" else -1,
        **{name: trade[name] for name in ("entry_price", "exit_price", "pnl")},
    }


def _distribution(returns: NDArray[np.float64]) -> dict[str, Any] | None:
    found = distribution_of(returns)
    if found is None:
        return None
    return {
        "edges": found.edges.tolist(),
        "counts": found.counts.tolist(),
        "open_ended": found.open_ended,
    }


def _optional(values: NDArray[np.float64] | None) -> str | None:
    return None if values is None else _numbers(values)


def _numbers(values: NDArray[np.float64]) -> str:
    return _packed(np.where(np.abs(values) < HUGE, values, np.nan), "<f4")


def _minutes(time_ms: NDArray[np.int64]) -> str:
    return _packed(time_ms // MINUTE_MS, "<i4")


def _packed(values: NDArray[Any], kind: str) -> str:
    return b64encode(values.astype(kind).tobytes()).decode("ascii")
