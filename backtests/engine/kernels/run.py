"""The run: bar by bar in the order of engine.md section 5, for K instruments."""

from backtests.engine.kernels.compiling import inlined, kernel, step
from backtests.engine.kernels.equity import any_held, equity_now, price_at
from backtests.engine.kernels.filling import close_position, note_trade
from backtests.engine.kernels.funding import fund_at_open, fund_inside
from backtests.engine.kernels.intrabar import exits
from backtests.engine.kernels.orders import fill_orders
from backtests.engine.kernels.quiet import skip_quiet
from backtests.engine.kernels.solvency import liquidate_at_open, settle
from backtests.engine.kernels.types import (
    DECISIONS,
    DEFERRED,
    END,
    END_LAST_OPEN,
    END_OPEN,
    OPEN,
    UNTRADABLE,
    Run,
)


@inlined
def queue_signals(run: Run, t: int) -> None:
    """Keep the decisions of bar t for the next bar on which they can fill.

    On a deferred bar a newer decision replaces the one that still waits.
    """
    account = run.account[0]
    for k in range(len(run.book)):
        bits = run.market.flags[k, t]
        account.untradable_bars += (bits & UNTRADABLE) != 0
        account.deferred_bars += (bits & DEFERRED) != 0
        if bits & DECISIONS and (bits & DEFERRED or not run.params.same_close):
            run.book[k].pending = t


@inlined
def advance(run: Run, t: int) -> None:
    """Do everything that happens on bar t."""
    params, market, account = run.params, run.market, run.account[0]
    price_at(run, t, market.open)
    fund_at_open(run, t)
    liquidate_at_open(run, t)
    if params.stops_first:
        exits(run, t, True, False)
    if not params.same_close:
        fill_orders(run, t)
    exits(run, t, not params.stops_first, params.stop_on_entry_bar)
    price_at(run, t, market.close)
    fund_inside(run, t)
    if params.same_close:
        account.signal_equity = equity_now(run)
        fill_orders(run, t)
    run.equity[t] = settle(run, t)
    queue_signals(run, t)


@inlined
def close_at_end(run: Run) -> None:
    """Close what is open after the last bar, when the run was told to."""
    params, market = run.params, run.market
    last = len(run.equity) - 1
    run.account[0].bars_in_market -= any_held(run)
    for k in range(len(run.book)):
        position = run.book[k]
        if position.q == 0.0:
            continue
        ref, rate = position.price, params.slippage
        if params.at_end == END_LAST_OPEN:
            rate = 0.0
            if not market.flags[k, last] & UNTRADABLE:
                ref = market.open[k, last]
        close_position(run, k, last, ref, rate, END)
    run.equity[last] = run.account[0].cash


@inlined
def note_open_positions(run: Run) -> int:
    """Append what is still open to the trades, at its mark and without exit costs."""
    count = 0
    last = len(run.equity) - 1
    for k in range(len(run.book)):
        position = run.book[k]
        if position.q == 0.0:
            continue
        row = run.trades[run.account[0].trades + count]
        note_trade(run, k, last, position.price, row)
        pnl = position.q * (position.price - position.entry)
        pnl = pnl - position.entry_fees - position.funding
        row.pnl = pnl
        row["return"] = pnl / (abs(position.q) * position.entry)
        row.fees = position.entry_fees
        row.exit_reason = OPEN
        count += 1
    return count


@step
def run_all(run: Run) -> int:
    """Run all bars; return how many positions are open at the end.

    They stand in ``run.trades`` after the closed ones.
    """
    bars = len(run.equity)
    account = run.account[0]
    t = 0
    while t < bars and not account.dead:
        t = skip_quiet(run, t)
        if t < bars:
            advance(run, t)
            t += 1
    for i in range(t, bars):
        run.equity[i] = account.cash
    if bars and not account.dead:
        for position in run.book:
            account.unfilled_last_bar += position.pending >= 0
        if run.params.at_end != END_OPEN:
            close_at_end(run)
    return note_open_positions(run)


@kernel
def run_bars(run: Run) -> int:
    """Run a market that stands at its start: ``run_all``, called from outside."""
    return run_all(run)
