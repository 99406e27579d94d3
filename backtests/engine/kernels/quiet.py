"""Skip stretches of bars on which nothing can happen but the marking of equity.

A bar is quiet when no decision of the bar before or of its own would change anything,
no funding falls due, and no level of an open position is within reach. On such bars the
full step does exactly what is done here, so the skip changes speed and never a number:
tests hold a run with it against a reference without it.
"""

import math

from backtests.engine.kernels.compiling import inlined, step
from backtests.engine.kernels.equity import any_held, is_margined
from backtests.engine.kernels.levels import liquidation_level, trail_level
from backtests.engine.kernels.orders import actionable
from backtests.engine.kernels.types import DECISIONS, SPECIAL, Run

# Bars looked at in one go: their prices stay in the first-level cache between passes.
STRETCH = 512
# Liquidation is decided on equity at the open and on a level inside the bar; the two
# round differently, so the skip keeps this much clear of it.
CLEARANCE = 1e-9


@inlined
def first_decision(run: Run, k: int, start: int, end: int) -> int:
    """Return the first bar whose flags ask for a full step of instrument k."""
    position, flags = run.book[k], run.market.flags
    mask = SPECIAL | actionable(run.params, position.q, position.adds)
    if position.pending >= 0 and flags[k, position.pending] & mask:
        return start
    for i in range(start, end):
        if flags[k, i] & mask:
            return i
    return end


@inlined
def first_touch(run: Run, k: int, start: int, end: int) -> int:
    """Return the first bar that may reach a level of instrument k; never too late."""
    position, market = run.book[k], run.market
    side = 1.0 if position.q > 0.0 else -1.0
    fixed = position.stop
    liquidation = liquidation_level(run, k) * (1.0 + side * CLEARANCE)
    if not side * fixed >= side * liquidation and not math.isnan(liquidation):
        fixed = liquidation
    extreme = position.extreme
    trail = trail_level(run, k, side, extreme)
    if math.isnan(trail):
        return first_outside(run, k, start, end, fixed)
    for i in range(start, end):
        worst = market.low[k, i] if side > 0.0 else market.high[k, i]
        best = market.high[k, i] if side > 0.0 else market.low[k, i]
        if side * worst <= side * trail or side * worst <= side * fixed:
            return i
        if side * best >= side * position.target:
            return i
        followed = market.close[k, i] if run.params.trail_on_close else best
        if side * followed > side * extreme:
            extreme = followed
            trail = trail_level(run, k, side, extreme)
            if side * worst <= side * trail:
                return i
    return end


@inlined
def first_outside(run: Run, k: int, start: int, end: int, stop: float) -> int:
    """Return the first bar that leaves the range from a fixed stop to the target."""
    position, market = run.book[k], run.market
    below, above = stop, position.target
    if position.q < 0.0:
        below, above = position.target, stop
    for i in range(start, end):
        if market.low[k, i] <= below or market.high[k, i] >= above:
            return i
    return end


@inlined
def mark_stretch(run: Run, start: int, end: int) -> int:
    """Write the equity of quiet bars; return the first at or below zero, or ``end``."""
    equity = run.equity
    cash = run.account[0].cash
    for i in range(start, end):
        equity[i] = cash
    for k in range(len(run.book)):
        q = run.book[k].q
        if q != 0.0:
            for i in range(start, end):
                equity[i] += q * run.market.close[k, i]
    lowest = math.inf
    for i in range(start, end):
        lowest = min(lowest, equity[i])
    if lowest > 0.0:
        return end
    for i in range(start, end):
        if equity[i] <= 0.0:
            return i
    return end


@inlined
def follow_stretch(run: Run, k: int, start: int, end: int) -> None:
    """Move the trailing extreme of instrument k over quiet bars."""
    position, market = run.book[k], run.market
    side = 1.0 if position.q > 0.0 else -1.0
    extreme = position.extreme
    for i in range(start, end):
        best = market.high[k, i] if side > 0.0 else market.low[k, i]
        if run.params.trail_on_close:
            best = market.close[k, i]
        if side * best > side * extreme:
            extreme = best
    position.extreme = extreme


@inlined
def leave_stretch(run: Run, k: int, end: int) -> None:
    """Set what a full step of the last quiet bar would have left behind."""
    position, flags = run.book[k], run.market.flags
    position.price = run.market.close[k, end - 1]
    position.pending = -1
    if not run.params.same_close and flags[k, end - 1] & DECISIONS:
        position.pending = end - 1


@step
def skip_quiet(run: Run, start: int) -> int:
    """Advance over the quiet bars from ``start``; return the first that is not."""
    book, count = run.book, len(run.book)
    if count > 1 and is_margined(run):
        return start
    end = min(start + STRETCH, len(run.equity))
    for k in range(count):
        end = first_decision(run, k, start, end)
    for k in range(count):
        if book[k].q != 0.0 and run.params.has_levels:
            end = first_touch(run, k, start, end)
    if end > start:
        end = mark_stretch(run, start, end)
    if end <= start:
        return start
    for k in range(count):
        if book[k].q != 0.0 and run.params.has_levels:
            follow_stretch(run, k, start, end)
        leave_stretch(run, k, end)
    if any_held(run):
        run.account[0].bars_in_market += end - start
    return end
