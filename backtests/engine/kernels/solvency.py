"""The account's limits: margin call at the open, bankruptcy at the close."""

from backtests.engine.kernels.compiling import inlined, step
from backtests.engine.kernels.equity import any_held, equity_now, is_margined
from backtests.engine.kernels.filling import close_position
from backtests.engine.kernels.types import (
    BANKRUPT,
    DEFERRED,
    LIQUIDATION,
    UNTRADABLE,
    Run,
)


@step
def liquidate_at_open(run: Run, t: int) -> None:
    """Close everything at the open when equity is at or below the maintenance margin.

    An instrument that cannot be traded on this bar stays until it can.
    """
    if not any_held(run) or not is_margined(run):
        return
    required = 0.0
    for position in run.book:
        if position.q != 0.0:
            required += run.params.maint_margin * abs(position.q) * position.price
    if equity_now(run) > required:
        return
    for k in range(len(run.book)):
        if run.market.flags[k, t] & (UNTRADABLE | DEFERRED):
            continue
        position = run.book[k]
        if position.q != 0.0:
            close_position(run, k, t, position.price, run.params.stop_rate, LIQUIDATION)


@inlined
def settle(run: Run, t: int) -> float:
    """Return the equity at the close of bar t; at or below 0 the account is dead."""
    account = run.account[0]
    equity = equity_now(run)
    held = any_held(run)
    if equity > 0.0:
        account.bars_in_market += held
        return equity
    for k in range(len(run.book)):
        position = run.book[k]
        if position.q != 0.0:
            close_position(run, k, t, position.price, 0.0, BANKRUPT)
    account.dead = 1
    if not held and not run.params.protect:
        return float(account.cash)
    account.bankrupt_loss -= account.cash
    account.cash = 0.0
    return 0.0
