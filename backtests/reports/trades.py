"""Trades: the rows of the table, and those that are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine import REASONS
from backtests.reports import numbers
from backtests.reports.data import ReportData
from backtests.reports.labels import REASONS as WORDS
from backtests.reports.numbers import moment
from botforge.arrow import Table

# Rows at each end of a table that would be longer than both.
ROWS = 100
# Trades that are drawn: evenly spread, and the best and worst besides.
DRAWN = 3_000
BEST = 100


@dataclass(frozen=True, slots=True)
class TradeRow:
    number: str
    side: str
    entry: str
    entry_price: str
    exit: str
    exit_price: str
    size: str
    change: str
    tone: str
    pnl: str
    fees: str
    mae: str
    mfe: str
    bars: str
    reason: str


def trade_rows(data: ReportData) -> tuple[list[TradeRow], list[TradeRow], int]:
    """Return the first rows, the last rows, and how many lie between them."""
    count = len(data.trades["side"])
    if count <= 2 * ROWS:
        return [_row(data.trades, i) for i in range(count)], [], 0
    first = [_row(data.trades, i) for i in range(ROWS)]
    last = [_row(data.trades, i) for i in range(count - ROWS, count)]
    return first, last, count - 2 * ROWS


def open_row(data: ReportData) -> TradeRow | None:
    """Return the position that is open at the end, marked at the last close."""
    if data.open_trade is None:
        return None
    trade: Mapping[str, Any] = data.open_trade
    return _written(
        {
            **trade,
            "number": "open",
            "entry": moment(moment_ms(trade["entry_time"])),
            "exit": "still open",
            "reason": "open",
        }
    )


def drawn_trades(trades: Table) -> NDArray[np.int64]:
    """Return the positions of the trades that charts show, in order."""
    count = len(trades["side"])
    if count <= DRAWN:
        return np.arange(count)
    even = np.linspace(0, count - 1, DRAWN - 2 * BEST).astype(np.int64)
    ranked = np.argsort(trades["return"], kind="stable")
    return np.unique(np.concatenate((even, ranked[:BEST], ranked[-BEST:])))


def _row(trades: Table, index: int) -> TradeRow:
    values = {name: column[index].item() for name, column in trades.items()}
    return _written(
        {
            **values,
            "number": f"{index + 1:,}",
            "side": "long" if values["side"] > 0 else "short",
            "entry": moment(values["entry_time"]),
            "exit": moment(values["exit_time"]),
            "reason": WORDS[REASONS[values["exit_reason"]]],
        }
    )


def _written(trade: Mapping[str, Any]) -> TradeRow:
    pnl = trade["pnl"]
    return TradeRow(
        number=trade["number"],
        side=trade["side"],
        entry=trade["entry"],
        entry_price=numbers.price(trade["entry_price"]),
        exit=trade["exit"],
        exit_price=numbers.price(trade["exit_price"]),
        size=numbers.quantity(trade["size"]),
        change=numbers.percent(trade["return"], signed=True),
        tone="gain" if pnl > 0 else "loss" if pnl < 0 else "",
        pnl=numbers.money(pnl, signed=True),
        fees=numbers.money(trade["fees"]),
        mae=numbers.percent(trade["mae"]),
        mfe=numbers.percent(trade["mfe"]),
        bars=numbers.count(trade["bars_held"]),
        reason=trade["reason"],
    )


def moment_ms(text: str) -> int:
    """Return a time of the API in milliseconds UTC."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)
