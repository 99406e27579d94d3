"""Compare a run of the engine with the reference, and with its own books."""

import numpy as np

from backtests.engine import (
    REASONS,
    Asset,
    ExecutionConfig,
    SimulationResult,
    simulate_portfolio,
)
from backtests.tests.engine.reference import Reference

# Both sides evaluate the same formulas in the same order; what is left is the last bit.
TIGHT = 1e-11
NUMBERS = {
    "side": 0,
    "size": 1,
    "entry_bar": 2,
    "exit_bar": 3,
    "entry_price": 4,
    "exit_price": 5,
    "pnl": 6,
    "fees": 7,
    "funding": 8,
    "instrument": 10,
}


def assert_agrees(assets: list[Asset], config: ExecutionConfig) -> SimulationResult:
    """Run both; every fill, trade, counter and equity bar must agree."""
    result = simulate_portfolio(assets, config)
    expected = Reference(assets, config).run()
    scale = max(config.initial_capital, max(map(abs, expected.equity), default=1.0))
    tolerance = TIGHT * scale * config.leverage

    rows = [
        tuple(fill[n] for n in ("bar", "side", "instrument")) for fill in result.fills
    ]
    assert rows == [(f[0], f[1], f[6]) for f in expected.fills]
    assert [REASONS[f["reason"]] for f in result.fills] == [
        f[5] for f in expected.fills
    ]
    for name, place in (("size", 2), ("price", 3), ("fee", 4)):
        theirs = [fill[place] for fill in expected.fills]
        np.testing.assert_allclose(
            result.fills[name],
            theirs,
            rtol=1e-9,
            atol=tolerance if name == "fee" else 0,
        )
    assert [REASONS[t["exit_reason"]] for t in result.trades] == [
        trade[9] for trade in expected.trades
    ]
    for name, place in NUMBERS.items():
        theirs = [trade[place] for trade in expected.trades]
        np.testing.assert_allclose(
            result.trades[name], theirs, rtol=1e-9, atol=tolerance
        )
    np.testing.assert_allclose(
        result.equity, expected.equity, rtol=1e-9, atol=tolerance
    )
    counters = result.counters
    assert counters["rejected_cash"] == expected.rejected_cash
    assert counters["rejected_min"] == expected.rejected_min
    assert counters["rejected_slots"] == expected.rejected_slots
    assert counters["ambiguous_bars"] == expected.ambiguous
    assert counters["unfilled_last_bar"] == expected.unfilled
    assert result.bars_in_market == expected.in_market
    assert result.bankrupt == expected.dead
    np.testing.assert_allclose(
        result.bankrupt_loss, expected.shortfall, rtol=1e-9, atol=tolerance
    )
    return result


def assert_books_balance(result: SimulationResult) -> None:
    """Check the accounting identity: what was earned is what the cash changed by."""
    config = result.config
    fills, closed, still = result.fills, result.trades, result.open_trades
    cash = config.initial_capital - float(
        (fills["side"] * fills["size"] * fills["price"] + fills["fee"]).sum()
    )
    cash -= float(closed["funding"].sum() + still["funding"].sum())
    cash += result.bankrupt_loss
    scale = max(
        config.initial_capital, float(np.abs(fills["size"] * fills["price"]).sum())
    )
    assert abs(cash - result.cash) <= 1e-10 * scale
    earned = float(closed["pnl"].sum()) + result.bankrupt_loss
    invested = float((still["side"] * still["size"] * still["entry_price"]).sum())
    spent = float(still["fees"].sum() + still["funding"].sum())
    assert (
        abs(config.initial_capital + earned - invested - spent - result.cash)
        <= 1e-10 * scale
    )
    worth = result.cash + float(
        (still["side"] * still["size"] * still["exit_price"]).sum()
    )
    if len(result.equity):
        assert abs(worth - result.equity[-1]) <= 1e-10 * scale
