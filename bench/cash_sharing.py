"""Portfolios with one cash pool as vectorbt fills them: facts for the engine's tests.

Writes ``backtests/tests/engine/data/cash_sharing.json``. Runs in the virtual
environment of ``requirements.txt`` and imports nothing of BotForge.

vectorbt serves the instruments of a bar in the order given, exits and entries alike;
engine.md section 11 closes first. So an entry is left out when an instrument after it
is told to exit on the same bar: what remains has the same order by both rules.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import vectorbt as vbt
from numpy.typing import NDArray

TARGET = Path(__file__).parents[1] / "backtests/tests/engine/data/cash_sharing.json"
BARS = 120
LEVELS = (17_000.0, 1_200.0, 95.0, 7.5)
CASH = 10_000.0

type Mask = NDArray[np.bool_]
type Matrix = NDArray[np.float64]

# count: instruments; size: None = all cash, else by size_type; gaps: bars each lacks.
CASES: dict[str, dict] = {
    "all_cash": {"count": 2, "fees": 0.001, "slippage": 0.0005},
    "quote_value": {"count": 3, "fees": 0.00075, "size": 4_000.0, "kind": "value"},
    "quote_value_with_fixed_fees": {
        "count": 4,
        "fees": 0.002,
        "fixed_fees": 1.5,
        "slippage": 0.001,
        "size": 3_300.0,
        "kind": "value",
    },
    "units": {"count": 4, "fees": 0.001, "size": [0.2, 3, 40, 500], "kind": "amount"},
    "additions": {
        "count": 3,
        "fees": 0.0004,
        "size": 1_100.0,
        "kind": "value",
        "additions": True,
    },
    "missing_bars": {
        "count": 3,
        "fees": 0.001,
        "size": 3_800.0,
        "kind": "value",
        "gaps": [[], [*range(25), 60, 61, 62, 90], [10, *range(40, 48), 100]],
    },
    "next_open": {
        "count": 3,
        "fees": 0.001,
        "slippage": 0.0002,
        "size": 4_500.0,
        "kind": "value",
        "next_open": True,
    },
    "next_open_all_cash": {"count": 4, "fees": 0.0, "next_open": True},
}


def prices() -> tuple[Matrix, Matrix]:
    """Return opens and closes (BARS, 4), rounded as exchanges round."""
    rng = np.random.default_rng(11)
    close = np.array(LEVELS) * np.exp(np.cumsum(rng.normal(0, 0.02, (BARS, 4)), axis=0))
    opened = np.vstack([LEVELS, close[:-1]]) * (1 + rng.normal(0, 0.002, (BARS, 4)))
    return opened.round(2), close.round(2)


def signals(seed: int, count: int) -> tuple[Mask, Mask]:
    """Return random entries and exits on which both orders of a bar agree."""
    rng = np.random.default_rng(seed)
    enter = rng.random((BARS, count)) < 0.15
    leave = (rng.random((BARS, count)) < 0.12) & ~enter
    for k in range(count - 1):
        enter[:, k] &= ~leave[:, k + 1 :].any(axis=1)
    return enter, leave


def run(seed: int, case: dict) -> dict:
    opened, close = (table[:, : case["count"]].copy() for table in prices())
    enter, leave = signals(seed, case["count"])
    for k, bars in enumerate(case.get("gaps", [])):
        opened[bars, k] = close[bars, k] = np.nan
        enter[bars, k] = leave[bars, k] = False
    portfolio = portfolio_of(case, opened, close, (enter, leave))
    orders = portfolio.orders.records_readable
    found = portfolio.orders.records.sort_values("id")
    sides = (orders["Side"] == "Buy").to_numpy() * 2 - 1
    rows = found[["idx", "col", "size", "price", "fees"]].to_numpy().tolist()
    return {
        **case,
        "enter": [np.flatnonzero(column).tolist() for column in enter.T],
        "exit": [np.flatnonzero(column).tolist() for column in leave.T],
        "orders": [
            [int(bar), int(col), int(side), *rest]
            for (bar, col, *rest), side in zip(rows, sides, strict=True)
        ],
        "equity": portfolio.value().to_numpy().tolist(),
    }


def portfolio_of(
    case: dict, opened: Matrix, close: Matrix, decisions: tuple[Mask, Mask]
) -> vbt.Portfolio:
    enter, leave = decisions
    if case.get("next_open"):
        first = np.zeros((1, enter.shape[1]), np.bool_)
        enter, leave = (np.vstack([first, m[:-1]]) for m in (enter, leave))
    index = pd.date_range("2024-01-01", periods=BARS, freq="1h")
    size = case.get("size")
    return vbt.Portfolio.from_signals(
        pd.DataFrame(close, index=index),
        enter,
        leave,
        price=opened if case.get("next_open") else close,
        size=np.inf if size is None else np.broadcast_to(size, close.shape),
        size_type=case.get("kind", "amount"),
        fees=case["fees"],
        fixed_fees=case.get("fixed_fees", 0.0),
        slippage=case.get("slippage", 0.0),
        accumulate="addonly" if case.get("additions") else False,
        direction="longonly",
        init_cash=CASH,
        cash_sharing=True,
        group_by=True,
        call_seq="default",
        engine="numba",
        freq="1h",
    )


def main() -> None:
    opened, close = prices()
    facts = {
        "source": f"vectorbt {vbt.__version__}, cash_sharing=True, call_seq=default",
        "cash": CASH,
        "open": opened.T.tolist(),
        "close": close.T.tolist(),
        "cases": {
            name: run(seed, case) for seed, (name, case) in enumerate(CASES.items())
        },
    }
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(facts, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
