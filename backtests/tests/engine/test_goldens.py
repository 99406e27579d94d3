"""Every public golden run, trade by trade, fill by fill and bar by bar, to 1e-9."""

from collections import defaultdict
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from backtests.engine import REASONS, SimulationResult, simulate
from backtests.tests.engine import golden

pytestmark = pytest.mark.skipif(not golden.FOLDER.exists(), reason=golden.MISSING)

PACKAGES = ("backtesting_py", "vectorbt")
RUNS = [
    pytest.param(package, config, id=config["id"])
    for package in PACKAGES
    for config in golden.configs(package)
]


@cache
def run(package: str, config_id: str) -> SimulationResult:
    config = next(c for c in golden.configs(package) if c["id"] == config_id)
    return simulate(
        golden.candles(config["data"]),
        golden.signals_of(config),
        golden.execution_of(config),
    )


def assert_same(ours: ArrayLike, theirs: ArrayLike) -> None:
    """Compare to 1e-9: relative, absolute for values below 1."""
    theirs = np.asarray(theirs, np.float64)
    scale = np.maximum(np.abs(theirs), 1.0)
    np.testing.assert_allclose(
        np.asarray(ours) / scale, theirs / scale, atol=1e-9, rtol=0
    )


@pytest.mark.parametrize(("package", "config"), RUNS)
def test_equity_agrees_on_every_bar(package: str, config: dict[str, Any]) -> None:
    result = run(package, config["id"])
    ours = result.equity.copy()
    if package == "backtesting_py" and config["engine"]["fill"] == "same_close":
        # The peer books the fee of a close fill one bar late.
        closes = result.fills[result.fills["reason"] <= REASONS.index("signal")]
        np.add.at(ours, closes["bar"], closes["fee"])

    assert_same(ours, golden.equity_table(package, config["data"])[config["id"]])


@pytest.mark.parametrize(
    "config",
    [pytest.param(c, id=c["id"]) for c in golden.configs("backtesting_py")],
)
def test_trades_agree_with_backtesting_py(config: dict[str, Any]) -> None:
    rows = golden.rows_of("backtesting_py", "trades", config["id"])
    trades = run("backtesting_py", config["id"]).trades

    assert len(trades) == len(rows)
    assert_same(trades["side"] * trades["size"], golden.column(rows, "size"))
    for name in ("entry_bar", "exit_bar"):
        np.testing.assert_array_equal(trades[name], golden.column(rows, name))
    for name in ("entry_price", "exit_price", "pnl"):
        assert_same(trades[name], golden.column(rows, name))
    assert_same(trades["return"], golden.column(rows, "return_pct"))
    assert_same(trades["fees"], golden.column(rows, "commission"))


@pytest.mark.parametrize(
    "config", [pytest.param(c, id=c["id"]) for c in golden.configs("vectorbt")]
)
def test_trades_agree_with_vectorbt(config: dict[str, Any]) -> None:
    rows = golden.rows_of("vectorbt", "trades", config["id"])
    result = run("vectorbt", config["id"])
    trades = np.concatenate([result.trades, result.open_trades])

    assert len(trades) == len(rows)
    sides = [1 if row["direction"] == "long" else -1 for row in rows]
    np.testing.assert_array_equal(trades["side"], sides)
    for name in ("entry_bar", "exit_bar"):
        np.testing.assert_array_equal(trades[name], golden.column(rows, name))
    for name in ("size", "entry_price", "exit_price", "pnl", "return"):
        assert_same(trades[name], golden.column(rows, name))
    fees = golden.column(rows, "entry_fees") + golden.column(rows, "exit_fees")
    assert_same(trades["fees"], fees)
    still_open = [row["status"] == "open" for row in rows]
    np.testing.assert_array_equal(
        trades["exit_reason"] == REASONS.index("open"), still_open
    )


@pytest.mark.parametrize(
    "config", [pytest.param(c, id=c["id"]) for c in golden.configs("vectorbt")]
)
def test_fills_agree_with_vectorbt_orders(config: dict[str, Any]) -> None:
    """A reversal is one order there and two fills here: sums per bar and side agree."""
    theirs: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in golden.rows_of("vectorbt", "orders", config["id"]):
        total = theirs[int(row["bar"]), 1 if row["side"] == "buy" else -1]
        size, price = float(row["size"]), float(row["price"])
        total[0] += size
        total[1] += size * price
        total[2] += float(row["fees"])
    ours: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for fill in run("vectorbt", config["id"]).fills:
        total = ours[int(fill["bar"]), int(fill["side"])]
        total[0] += fill["size"]
        total[1] += fill["size"] * fill["price"]
        total[2] += fill["fee"]

    assert sorted(ours) == sorted(theirs)
    assert_same([ours[key] for key in sorted(ours)], [theirs[k] for k in sorted(ours)])
