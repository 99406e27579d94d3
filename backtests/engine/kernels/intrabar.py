"""Stops, targets, trails and liquidation inside a bar (engine.md 5.4)."""

import math

from backtests.engine.kernels.compiling import inlined
from backtests.engine.kernels.filling import close_position
from backtests.engine.kernels.levels import trigger
from backtests.engine.kernels.path import walk_path
from backtests.engine.kernels.types import (
    DEFERRED,
    OHLC_PATH,
    TARGET,
    TARGET_FIRST,
    UNTRADABLE,
    Run,
)


@inlined
def touch(run: Run, k: int, t: int, side: float) -> tuple[float, int]:
    """Return the exit's reference price and reason, or NaN when nothing is reached."""
    market, position = run.market, run.book[k]
    opened = market.open[k, t]
    worst = market.low[k, t] if side > 0.0 else market.high[k, t]
    best = market.high[k, t] if side > 0.0 else market.low[k, t]
    level, reason = trigger(run, k, side, position.extreme)
    target = position.target
    if side * opened <= side * level:
        return opened, reason
    stopped = side * worst <= side * level
    reached = side * best >= side * target
    run.account[0].ambiguous_bars += stopped and reached
    if run.params.intrabar == OHLC_PATH:
        return walk_path(run, k, t, side)
    if stopped and not (reached and run.params.intrabar == TARGET_FIRST):
        return level, reason
    if side * opened >= side * target:
        return opened, TARGET
    if reached:
        return target, TARGET
    return math.nan, 0


@inlined
def follow(run: Run, k: int, t: int, side: float) -> None:
    """Move the extreme from which the trailing stop of the next bar is measured."""
    market, position = run.market, run.book[k]
    best = market.high[k, t] if side > 0.0 else market.low[k, t]
    if run.params.trail_on_close:
        best = market.close[k, t]
    if side * best > side * position.extreme:
        position.extreme = best


@inlined
def exit_intrabar(run: Run, k: int, t: int) -> None:
    """Exit instrument k if bar t reaches one of its levels, else follow its extreme."""
    params, position = run.params, run.book[k]
    side = 1.0 if position.q > 0.0 else -1.0
    ref, reason = touch(run, k, t, side)
    if math.isnan(ref):
        follow(run, k, t, side)
        return
    if params.exit_at_close:
        ref = run.market.close[k, t]
    rate = params.target_rate if reason == TARGET else params.stop_rate
    close_position(run, k, t, ref, rate, reason)
    position.stopped_bar = t


@inlined
def exits(run: Run, t: int, carried: bool, fresh: bool) -> None:
    """Test the positions carried into bar t, and those opened at its open."""
    for k in range(len(run.book)):
        position = run.book[k]
        if position.q == 0.0 or run.market.flags[k, t] & (UNTRADABLE | DEFERRED):
            continue
        if fresh if position.entry_bar == t else carried:
            exit_intrabar(run, k, t)
