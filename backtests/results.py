"""A simulation's outcome as rows and columns that can be stored and shown."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine import REASONS, Metrics, SimulationResult
from backtests.models import Backtest, BacktestResult
from backtests.tables import decode_table, encode_table
from botforge.arrow import Table

SIDES = {1: "long", -1: "short"}


def result_row(
    backtest: Backtest,
    result: SimulationResult,
    metrics: Metrics,
    manifest: dict[str, Any],
) -> BacktestResult:
    """Return the unsaved row that holds everything the run came to."""
    open_trades = _trade_columns(result, result.open_trades)
    return BacktestResult(
        backtest=backtest,
        metrics=metrics.to_dict(),
        manifest=manifest,
        equity=encode_table({"time": result.time, "equity": result.equity}),
        trades=encode_table(_trade_columns(result, result.trades)),
        fills=encode_table(_fill_columns(result)),
        open_trade=next(iter(trade_dicts(open_trades, 0, 1)), None),
        counters=result.counters,
    )


def trade_dicts(columns: Table, start: int, stop: int) -> list[dict[str, Any]]:
    """Return trades [start, stop) as the API shows them."""
    shown = {name: column[start:stop].tolist() for name, column in columns.items()}
    shown["side"] = [SIDES[side] for side in shown["side"]]
    shown["exit_reason"] = [REASONS[code] for code in shown["exit_reason"]]
    return _rows(shown)


def fill_dicts(columns: Table, start: int, stop: int) -> list[dict[str, Any]]:
    """Return fills [start, stop) as the API shows them."""
    shown = {name: column[start:stop].tolist() for name, column in columns.items()}
    shown["side"] = ["buy" if side > 0 else "sell" for side in shown["side"]]
    shown["reason"] = [REASONS[code] for code in shown["reason"]]
    return _rows(shown)


def table_of(result: BacktestResult, name: str) -> dict[str, NDArray[Any]]:
    """Return the stored columns of "equity", "trades" or "fills"."""
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


def _fill_columns(result: SimulationResult) -> dict[str, NDArray[Any]]:
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


def _iso(times_ms: list[int]) -> list[str]:
    moments = np.array(times_ms, dtype="datetime64[ms]")
    return [str(t) for t in np.datetime_as_string(moments, unit="s", timezone="UTC")]
