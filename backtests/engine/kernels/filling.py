"""Fills: what an order costs, and closing a position (engine.md 4.1 and 4.2)."""

from typing import Any

import numpy as np

from backtests.engine.kernels.compiling import inlined, step
from backtests.engine.kernels.types import LIQUIDATION, TARGET, Params, Run


@inlined
def fill(  # noqa: PLR0913  one row of the fills table
    run: Run, k: int, t: int, qty: float, price: float, fee: float, reason: int
) -> None:
    """Book a fill: ``qty`` is signed (bought > 0), ``fee`` in quote units."""
    account = run.account[0]
    account.cash -= qty * price
    account.cash -= fee
    row = run.fills[account.fills]
    row.bar = t
    row.side = 1 if qty > 0.0 else -1
    row.size = abs(qty)
    row.price = price
    row.fee = fee
    row.reason = reason
    row.instrument = k
    account.fills += 1


@inlined
def exit_fee_rate(params: Params, reason: int) -> float:
    if reason == TARGET:
        return params.maker_fee_rate
    if reason == LIQUIDATION:
        return params.liq_fee_rate
    return params.fee_rate


@step
def close_position(
    run: Run, k: int, t: int, ref: float, rate: float, reason: int
) -> None:
    """Close all of instrument k at ``ref`` worsened by ``rate``, and note the trade."""
    params, account, position = run.params, run.account[0], run.book[k]
    q = position.q
    side = -1.0 if q > 0.0 else 1.0
    price = ref * (1.0 + side * rate)
    fee = exit_fee_rate(params, reason) * abs(q) * price + params.fixed_fee
    pnl = q * (price - position.entry) - position.entry_fees - fee - position.funding
    fill(run, k, t, -q, price, fee, reason)
    row = run.trades[account.trades]
    note_trade(run, k, t, price, row)
    row.pnl = pnl
    row["return"] = pnl / (abs(q) * position.entry)
    row.fees = position.entry_fees + fee
    row.exit_reason = reason
    account.trades += 1
    position.q = 0.0
    position.adds = 0
    if reason == LIQUIDATION:
        account.liquidations += 1
        cover_shortfall(run)


@inlined
def note_trade(run: Run, k: int, t: int, price: float, row: Any) -> None:
    """Write what a trade record knows of the position, before costs of the exit."""
    position = run.book[k]
    row.side = 1 if position.q > 0.0 else -1
    row.size = abs(position.q)
    row.entry_bar = position.entry_bar
    row.exit_bar = t
    row.entry_price = position.entry
    row.exit_price = price
    row.funding = position.funding
    row.mae = np.nan
    row.mfe = np.nan
    row.instrument = k


@inlined
def cover_shortfall(run: Run) -> None:
    """Negative balance protection: the account cannot owe money after a liquidation."""
    account = run.account[0]
    for position in run.book:
        if position.q != 0.0:
            return
    if run.params.protect and account.cash < 0.0:
        account.bankrupt_loss -= account.cash
        account.cash = 0.0
