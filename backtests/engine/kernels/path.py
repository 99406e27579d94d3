"""The bar as a path of four prices, O, nearer extreme, other extreme, C."""

import math

from backtests.engine.kernels.compiling import inlined
from backtests.engine.kernels.levels import trigger
from backtests.engine.kernels.types import TARGET, Run


@inlined
def goes_adverse_first(run: Run, k: int, t: int, side: float) -> bool:
    """Say whether the adverse extreme comes first: the nearer one, or a tie."""
    market = run.market
    up = market.high[k, t] - market.open[k, t]
    down = market.open[k, t] - market.low[k, t]
    return bool(down <= up if side > 0.0 else up <= down)


@inlined
def leg(run: Run, k: int, side: float, extreme: float, end: float) -> tuple[float, int]:
    """Return the first level reached on the way to ``end``, and its reason, or NaN.

    A leg runs one way, so it can reach either the adverse level or the target.
    """
    level, reason = trigger(run, k, side, extreme)
    target = run.book[k].target
    if side * end <= side * level:
        return level, reason
    if side * end >= side * target:
        return target, TARGET
    return math.nan, 0


@inlined
def walk_path(run: Run, k: int, t: int, side: float) -> tuple[float, int]:
    """Return the exit's price and reason, or NaN. The open has passed the stop test.

    The trail follows at each favourable extreme (not before the close when it is
    measured on closes): a later leg of the same bar can already reach it.
    """
    market, position = run.market, run.book[k]
    opened, extreme = market.open[k, t], position.extreme
    if side * opened >= side * position.target:
        return opened, TARGET
    worst = market.low[k, t] if side > 0.0 else market.high[k, t]
    best = market.high[k, t] if side > 0.0 else market.low[k, t]
    adverse_first = goes_adverse_first(run, k, t, side)
    for i in range(3):
        end = market.close[k, t]
        if i < 2:
            end = worst if adverse_first == (i == 0) else best
        price, reason = leg(run, k, side, extreme, end)
        if not math.isnan(price):
            return price, reason
        if not run.params.trail_on_close and side * end > side * extreme:
            extreme = end
    return math.nan, 0
