"""Skip stretches of bars on which nothing can happen but the marking of equity.

A bar is quiet when no decision that fills on it would change anything, no funding falls
due, and no level of an open position is within reach. On such bars the full step does
exactly what is done here, so the skip changes speed and never a number: tests hold a
run with it against a reference without it.
"""

import math
from typing import NamedTuple

import numpy as np

from backtests.engine.kernels.compiling import inlined
from backtests.engine.kernels.equity import any_held, is_margined
from backtests.engine.kernels.extremes import Prices, highest, lowest
from backtests.engine.kernels.levels import liquidation_level, trail_level
from backtests.engine.kernels.orders import actionable
from backtests.engine.kernels.types import DECISIONS, EVERY_BYTE, SPECIAL, Run


class Reach(NamedTuple):
    """How far prices go: the worst and best for the holder, and the best so far."""

    worst: float
    best: float
    extreme: float


# Bars looked at in one go: their prices stay in the second-level cache between passes.
STRETCH = 2048
# Bars whose range is compared with the levels before any bar is looked at alone.
CHUNK = 32
# Liquidation is decided on equity at the open and on a level inside the bar; the two
# round differently, so the skip keeps this much clear of it.
CLEARANCE = 1e-9


@inlined
def quiet_until(run: Run, k: int, start: int, end: int) -> int:
    """Return the end of the bars whose flags ask for no full step of instrument k.

    A decision that fills at the next open leaves its own bar quiet: only the bar after
    it is not.
    """
    position, flags = run.book[k], run.market.flags
    mask = SPECIAL | actionable(run.params, position.q, position.adds)
    if position.pending >= 0 and flags[k, position.pending] & mask:
        return start
    words, wide = run.market.words[k], np.uint64(mask) * EVERY_BYTE
    i = start
    while i < end:
        if i % 8 == 0 and words[i >> 3] & wide == 0:
            i += 8
        elif flags[k, i] & SPECIAL:
            return i
        elif flags[k, i] & mask:
            return i if run.params.same_close else i + 1
        else:
            i += 1
    return end


@inlined
def best_price(run: Run, k: int, side: float, start: int, end: int) -> float:
    if side > 0.0:
        return highest(run.market.high, k, start, end)
    return lowest(run.market.low, k, start, end)


@inlined
def worst_price(run: Run, k: int, side: float, start: int, end: int) -> float:
    if side > 0.0:
        return lowest(run.market.low, k, start, end)
    return highest(run.market.high, k, start, end)


@inlined
def farther(side: float, a: float, b: float) -> float:
    """Return the price that is better for the side."""
    return b if side * b > side * a else a


@inlined
def fixed_level(run: Run, k: int, side: float) -> float:
    """Return the nearer of stop and liquidation, the latter with its clearance."""
    stop = run.book[k].stop
    liquidation = liquidation_level(run, k) * (1.0 + side * CLEARANCE)
    if not math.isnan(liquidation) and not side * stop >= side * liquidation:
        return liquidation
    return float(stop)


@inlined
def may_touch(run: Run, k: int, side: float, fixed: float, reach: Reach) -> bool:
    """Say whether prices of this reach can touch a level of instrument k."""
    trail = trail_level(run, k, side, reach.extreme)
    return bool(
        side * reach.worst <= side * fixed
        or side * reach.worst <= side * trail
        or side * reach.best >= side * run.book[k].target
    )


@inlined
def first_touch(run: Run, k: int, start: int, end: int) -> int:
    """Return the first bar that may reach a level of instrument k; never too late.

    The trail is measured from the best price of the bars up to and including those
    that are judged, so it can only be nearer than it is.
    """
    side = 1.0 if run.book[k].q > 0.0 else -1.0
    fixed = fixed_level(run, k, side)
    extreme = run.book[k].extreme
    without = math.isnan(fixed) and math.isnan(run.book[k].target)
    if without and math.isnan(trail_level(run, k, side, extreme)):
        return end
    for first in range(start, end, CHUNK):
        last = min(first + CHUNK, end)
        worst = worst_price(run, k, side, first, last)
        best = best_price(run, k, side, first, last)
        farthest = farther(side, extreme, best)
        if may_touch(run, k, side, fixed, Reach(worst, best, farthest)):
            reached = extreme
            for i in range(first, last):
                worst = worst_price(run, k, side, i, i + 1)
                best = best_price(run, k, side, i, i + 1)
                reached = farther(side, reached, best)
                if may_touch(run, k, side, fixed, Reach(worst, best, reached)):
                    return i
        extreme = farthest
    return end


@inlined
def mark_stretch(run: Run, start: int, end: int) -> int:
    """Write the equity of quiet bars; return the first at or below zero, or ``end``."""
    equity = run.equity[start:end]
    equity[:] = run.account[0].cash
    gone = 0
    for k in range(len(run.book)):
        q = run.book[k].q
        if q != 0.0:
            gone = add_value(equity, q, run.market.close[k, start:end])
    if gone:
        for i in range(len(equity)):
            if equity[i] <= 0.0:
                return start + i
    return end


@inlined
def add_value(equity: Prices, q: float, close: Prices) -> int:
    """Add a position's value to the equity; return how many bars are at or below 0.

    A loop from 0 over slices is one that the compiler turns into vector instructions;
    from ``start`` it would have to allow for negative indices.
    """
    gone = 0
    for i in range(len(equity)):
        value = equity[i] + q * close[i]
        equity[i] = value
        gone += value <= 0.0
    return gone


@inlined
def follow_stretch(run: Run, k: int, start: int, end: int) -> None:
    """Move the trailing extreme of instrument k over quiet bars."""
    position = run.book[k]
    side = 1.0 if position.q > 0.0 else -1.0
    if run.params.trail_on_close:
        close = run.market.close
        best = (
            highest(close, k, start, end)
            if side > 0.0
            else lowest(close, k, start, end)
        )
    else:
        best = best_price(run, k, side, start, end)
    position.extreme = farther(side, position.extreme, best)


@inlined
def leave_stretch(run: Run, k: int, end: int) -> None:
    """Set what a full step of the last quiet bar would have left behind."""
    position, flags = run.book[k], run.market.flags
    position.price = run.market.close[k, end - 1]
    position.pending = -1
    if not run.params.same_close and flags[k, end - 1] & DECISIONS:
        position.pending = end - 1


@inlined
def skip_quiet(run: Run, start: int) -> int:
    """Advance over the quiet bars from ``start``; return the first that is not."""
    book, count = run.book, len(run.book)
    if count > 1 and is_margined(run):
        return start
    end = min(start + STRETCH, len(run.equity))
    for k in range(count):
        end = quiet_until(run, k, start, end)
    for k in range(count):
        if book[k].q != 0.0:
            end = first_touch(run, k, start, end)
    if end > start:
        end = mark_stretch(run, start, end)
    if end <= start:
        return start
    for k in range(count):
        if book[k].q != 0.0 and not math.isnan(trail_level(run, k, 1.0, 1.0)):
            follow_stretch(run, k, start, end)
        leave_stretch(run, k, end)
    if any_held(run):
        run.account[0].bars_in_market += end - start
    return end
