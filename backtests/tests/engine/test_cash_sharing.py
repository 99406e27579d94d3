"""Several instruments on one cash pool, against vectorbt's cash sharing.

The facts come from ``bench/cash_sharing.py``: long only, on signals for which the order
of vectorbt within a bar (columns) and of engine.md section 11 (exits first) agree.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backtests.engine import (
    Asset,
    ExecutionConfig,
    SimulationResult,
    simulate_portfolio,
)
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals

FACTS = Path(__file__).parent / "data" / "cash_sharing.json"
SIZE_MODES = {"amount": "units", "value": "quote_value"}
HOUR_MS = 3_600_000


@cache
def facts() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(FACTS.read_text())
    return loaded


def execution(case: dict[str, Any]) -> ExecutionConfig:
    options: dict[str, Any] = {"size": 1.0, "size_mode": "equity_fraction"}
    if "size" in case:
        # Sizes per instrument travel with the signals.
        size = case["size"]
        options["size"] = 1.0 if isinstance(size, list) else size
        options["size_mode"] = SIZE_MODES[case["kind"]]
    return ExecutionConfig(
        initial_capital=facts()["cash"],
        fee_rate=case["fees"],
        fixed_fee=case.get("fixed_fees", 0.0),
        slippage=case.get("slippage", 0.0),
        fill="next_open" if case.get("next_open") else "same_close",
        pyramiding=len(facts()["close"][0]) if case.get("additions") else 1,
        **options,
    )


def asset(case: dict[str, Any], k: int) -> Asset:
    opens, closes = np.array(facts()["open"][k]), np.array(facts()["close"][k])
    has_bar = np.ones(len(closes), np.bool_)
    has_bar[case.get("gaps", [[]] * (k + 1))[k]] = False

    def mask(name: str) -> NDArray[np.bool_]:
        values = np.zeros(len(closes), np.bool_)
        values[case[name][k]] = True
        return values[has_bar]

    ohlcv = Ohlcv(
        np.flatnonzero(has_bar) * HOUR_MS,
        opens[has_bar],
        np.maximum(opens, closes)[has_bar],
        np.minimum(opens, closes)[has_bar],
        closes[has_bar],
        np.ones(int(has_bar.sum())),
    )
    never = np.zeros(len(ohlcv), np.bool_)
    size = case.get("size")
    sizes = np.full(len(ohlcv), float(size[k])) if isinstance(size, list) else None
    return Asset(ohlcv, Signals(mask("enter"), mask("exit"), never, never, sizes))


def run(case: dict[str, Any]) -> SimulationResult:
    assets = [asset(case, k) for k in range(case["count"])]
    return simulate_portfolio(assets, execution(case))


@pytest.mark.parametrize("name", list(facts()["cases"]))
def test_every_fill_is_that_of_vectorbt(name: str) -> None:
    case = facts()["cases"][name]
    fills = run(case).fills

    bars, columns, sides, sizes, prices, fees = map(
        np.array, zip(*case["orders"], strict=True)
    )
    np.testing.assert_array_equal(fills["bar"], bars)
    np.testing.assert_array_equal(fills["instrument"], columns)
    np.testing.assert_array_equal(fills["side"], sides)
    np.testing.assert_allclose(fills["size"], sizes, rtol=1e-9)
    np.testing.assert_allclose(fills["price"], prices, rtol=1e-9)
    np.testing.assert_allclose(fills["fee"], fees, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", list(facts()["cases"]))
def test_equity_is_that_of_vectorbt_at_every_bar(name: str) -> None:
    case = facts()["cases"][name]

    np.testing.assert_allclose(run(case).equity, case["equity"], rtol=1e-9)


def test_the_portfolios_compete_for_cash() -> None:
    """Without a reduced entry the facts would say little about the shared pool."""
    cases = facts()["cases"]
    reduced = {
        name: run(cases[name]).counters["reduced"]
        for name in ("quote_value", "quote_value_with_fixed_fees", "units")
    }

    assert min(reduced.values()) > 0, reduced
