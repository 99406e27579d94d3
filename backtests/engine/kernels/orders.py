"""Signals into orders: closing fills first, then entries by rank (engine.md 6, 11)."""

import math

from backtests.engine.kernels.compiling import inlined
from backtests.engine.kernels.filling import close_position
from backtests.engine.kernels.opening import enter
from backtests.engine.kernels.types import (
    CLOSE_ONLY,
    DECISIONS,
    DEFERRED,
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
    IGNORE,
    SIGNAL,
    UNTRADABLE,
    Params,
    Run,
)


@inlined
def actionable(params: Params, q: float, adds: int) -> int:
    """Return the decisions that would do something in this state."""
    if q == 0.0:
        return ENTER_LONG | ENTER_SHORT
    enter_same, exit_same, enter_other = ENTER_LONG, EXIT_LONG, ENTER_SHORT
    if q < 0.0:
        enter_same, exit_same, enter_other = ENTER_SHORT, EXIT_SHORT, ENTER_LONG
    mask = exit_same
    if adds < params.pyramiding:
        mask |= enter_same
    if params.on_opposite != IGNORE:
        mask |= enter_other
    return mask


@inlined
def pending_signal(run: Run, k: int, t: int) -> int:
    """Return the bar whose signals may fill on bar t, or -1, and take it."""
    params, position, flags = run.params, run.book[k], run.market.flags
    if flags[k, t] & (UNTRADABLE | DEFERRED):
        return -1
    signal = position.pending
    position.pending = -1
    if params.same_close and flags[k, t] & DECISIONS:
        signal = t
    if position.stopped_bar == t:
        if params.same_close and params.ignore_on_stop_bar:
            return -1
        if not params.same_close and params.stops_first:
            return -1
    return int(signal)


@inlined
def close_by_signal(run: Run, k: int, t: int, signal: int) -> int:
    """Do the closing leg; return the side that is to be opened or added, or 0."""
    params, position = run.params, run.book[k]
    bits = run.market.flags[k, signal] & actionable(params, position.q, position.adds)
    if position.q == 0.0:
        return 1 if bits & ENTER_LONG else (-1 if bits & ENTER_SHORT else 0)
    side = 1 if position.q > 0.0 else -1
    opposite = ENTER_SHORT if side > 0 else ENTER_LONG
    if bits & opposite:
        close_position(run, k, t, position.price, params.slippage, SIGNAL)
        return 0 if params.on_opposite == CLOSE_ONLY else -side
    if bits & (EXIT_LONG | EXIT_SHORT):
        close_position(run, k, t, position.price, params.slippage, SIGNAL)
        return 0
    return side if bits else 0


@inlined
def best_waiting(run: Run) -> int:
    """Return the waiting instrument of highest rank, the first among equals, or -1."""
    best = -1
    for k in range(len(run.book)):
        waits = run.book[k].wanted != 0
        if waits and (best < 0 or run.book[k].rank > run.book[best].rank):
            best = k
    return best


@inlined
def rank_of(run: Run, k: int, signal: int) -> float:
    if run.market.rank.shape[1] and not math.isnan(run.market.rank[k, signal]):
        return float(run.market.rank[k, signal])
    return -math.inf


@inlined
def has_slot(run: Run) -> bool:
    held = 0
    for position in run.book:
        held += position.q != 0.0
    return held < run.params.max_positions


@inlined
def fill_orders(run: Run, t: int) -> None:
    """Fill what is pending at the present prices: opens, or closes for same_close."""
    waiting = 0
    equity_before = run.account[0].signal_equity
    for k in range(len(run.book)):
        position = run.book[k]
        signal = pending_signal(run, k, t)
        position.wanted = 0
        if signal >= 0:
            position.wanted = close_by_signal(run, k, t, signal)
            position.signal = signal
        if position.wanted != 0:
            position.rank = rank_of(run, k, signal)
            waiting += 1
    while waiting > 0:
        k = best_waiting(run)
        position = run.book[k]
        if position.q != 0.0 or has_slot(run):
            run.account[0].signal_equity = equity_before
            if position.signal < t:
                run.account[0].signal_equity = run.equity[position.signal]
            enter(run, k, t, float(position.wanted), position.price, position.signal)
        else:
            run.account[0].rejected_slots += 1
        position.wanted = 0
        waiting -= 1
