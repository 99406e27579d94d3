"""The adverse levels of a position: stop, trail and liquidation (engine.md 5.4, 7).

Prices are compared after multiplication with the side, +1 or -1, which is exact: for a
short every inequality is mirrored.
"""

import math

from backtests.engine.kernels.compiling import inlined
from backtests.engine.kernels.equity import is_margined
from backtests.engine.kernels.types import LIQUIDATION, STOP, TRAIL, Run


@inlined
def trail_level(run: Run, k: int, side: float, extreme: float) -> float:
    """Return the trailing stop for an extreme, or NaN without one."""
    distance = run.book[k].trail
    if math.isfinite(distance):
        return float(extreme - side * distance)
    return float(extreme * (1.0 - side * run.params.trail))


@inlined
def liquidation_level(run: Run, k: int) -> float:
    """Return the price of instrument k at which the account is liquidated, or NaN.

    The other instruments count at their present prices; alone, this is engine.md 7.
    """
    if not is_margined(run):
        return math.nan
    margin = run.params.maint_margin
    free = run.account[0].cash
    for j in range(len(run.book)):
        other = run.book[j]
        if j != k and other.q != 0.0:
            free += other.q * other.price - margin * abs(other.q) * other.price
    q = run.book[k].q
    if q > 0.0:
        return float(-free / (q * (1.0 - margin))) if free < 0.0 else math.nan
    return float(free / (-q * (1.0 + margin)))


@inlined
def trigger(run: Run, k: int, side: float, extreme: float) -> tuple[float, int]:
    """Return the adverse level nearest to the open and the reason it stands for."""
    position = run.book[k]
    level, reason = position.stop, STOP
    trail = trail_level(run, k, side, extreme)
    if not math.isnan(trail) and not side * level >= side * trail:
        level, reason = trail, TRAIL
    liquidation = liquidation_level(run, k)
    if not math.isnan(liquidation) and not side * level >= side * liquidation:
        level, reason = liquidation, LIQUIDATION
    return level, reason
