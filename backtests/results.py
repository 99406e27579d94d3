"""A simulation's outcome as rows and columns that can be stored and shown."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine import REASONS, SimulationResult, benchmark_equity
from backtests.models import BacktestResult
from backtests.tables import decode_table
from botforge.arrow import Table
from marketdata.ohlcv import Ohlcv

SIDES = {1: "long", -1: "short"}
FILL_SIDES = {1: "buy", -1: "sell"}


def equity_table(result: SimulationResult, candles: Ohlcv) -> dict[str, NDArray[Any]]:
    """Return the columns to store; ``candles`` are those of the run."""
    return {
        "time": result.time,
        "equity": result.equity,
        "benchmark": benchmark_equity(result.config, candles),
    }


def equity_columns(result: BacktestResult) -> dict[str, NDArray[Any]]:
    """Return time, equity, drawdown and benchmark of a stored result.

    The drawdown is derived; the benchmark of a result from before it was stored is NaN.
    """
    stored = table_of(result, "equity")
    equity = stored["equity"]
    return {
        "time": stored["time"],
        "equity": equity,
        "drawdown": equity / np.maximum.accumulate(equity) - 1,
        "benchmark": stored.get("benchmark", np.full(len(equity), np.nan)),
    }


def trade_table(result: SimulationResult) -> dict[str, NDArray[Any]]:
    """Return the columns of the closed trades, as they are stored."""
    return _trade_columns(result, result.trades)


def open_trade_dict(result: SimulationResult) -> dict[str, Any] | None:
    """Return the position that is open in the end, as the API shows a trade."""
    columns = _trade_columns(result, result.open_trades)
    return next(iter(trade_dicts(columns, 0, 1)), None)


def trade_dicts(columns: Table, start: int, stop: int) -> list[dict[str, Any]]:
    """Return trades [start, stop) as the API shows them."""
    shown = {name: column[start:stop].tolist() for name, column in columns.items()}
    shown["side"] = [SIDES[side] for side in shown["side"]]
    shown["exit_reason"] = [REASONS[code] for code in shown["exit_reason"]]
    return _rows(shown)


def fill_dicts(columns: Table, start: int, stop: int) -> list[dict[str, Any]]:
    """Return fills [start, stop) as the API shows them."""
    shown = {name: column[start:stop].tolist() for name, column in columns.items()}
    shown["side"] = [FILL_SIDES[side] for side in shown["side"]]
    shown["reason"] = [REASONS[code] for code in shown["reason"]]
    return _rows(shown)


def drawdown_dicts(columns: Table, start: int, stop: int) -> list[dict[str, Any]]:
    """Return drawdowns [start, stop) as the API shows them."""
    return _rows({k: column[start:stop].tolist() for k, column in columns.items()})


def table_of(result: BacktestResult, name: str) -> dict[str, NDArray[Any]]:
    """Return the stored columns of "equity", "trades", "fills" or "plots"."""
    return decode_table(getattr(result, name))


def _trade_columns(
    result: SimulationResult, trades: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    entry, exit_ = trades["entry_bar"], trades["exit_bar"]
    return {
        "side": trades["side"].copy(),
        "size": trades["size"].copy(),
        "entry_time": result.time[entry],
        "exit_time": result.time[exit_],
        **{
            name: trades[name].copy()
            for name in (
                "entry_price",
                "exit_price",
                "pnl",
                "return",
                "fees",
                "funding",
                "mae",
                "mfe",
                "exit_reason",
            )
        },
        "bars_held": exit_ - entry,
    }


def fill_table(result: SimulationResult) -> dict[str, NDArray[Any]]:
    """Return the columns of the fills, as they are stored."""
    fills = result.fills
    columns = {name: fills[name].copy() for name in ("side", "size", "price", "fee")}
    return {
        "time": result.time[fills["bar"]],
        **columns,
        "reason": fills["reason"].copy(),
    }


def _rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    for name, values in columns.items():
        if name == "time" or name.endswith("_time"):
            columns[name] = _iso(values)
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def _iso(times: list[Any]) -> list[str | None]:
    """Return milliseconds, or datetimes, as ISO 8601; None where there is no time."""
    moments = np.array(times, dtype="datetime64[ms]")
    texts = np.datetime_as_string(moments, unit="s", timezone="UTC")
    return [None if text == "NaT" else str(text) for text in texts]
