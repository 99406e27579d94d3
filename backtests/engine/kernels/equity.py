"""What the account is worth now, and how much of it is bound."""

import numpy as np

from backtests.engine.kernels.compiling import inlined
from backtests.engine.kernels.types import UNTRADABLE, Run


@inlined
def equity_now(run: Run) -> float:
    """Return cash plus every position at its present price."""
    value = run.account[0].cash
    for position in run.book:
        if position.q != 0.0:
            value += position.q * position.price
    return float(value)


@inlined
def bound_margin(run: Run) -> float:
    """Return the initial margin of the open positions at their present prices."""
    bound = 0.0
    for position in run.book:
        if position.q != 0.0:
            bound += abs(position.q) * position.price / run.params.leverage
    return bound


@inlined
def is_margined(run: Run) -> bool:
    """Say whether anything is borrowed: only then can the account be liquidated."""
    if not run.params.liquidates:
        return False
    if run.params.leverage > 1.0:
        return True
    for position in run.book:  # noqa: SIM110  any() of a generator does not compile
        if position.q < 0.0:
            return True
    return False


@inlined
def any_held(run: Run) -> bool:
    for position in run.book:  # noqa: SIM110  any() of a generator does not compile
        if position.q != 0.0:
            return True
    return False


@inlined
def price_at(run: Run, t: int, prices: np.ndarray) -> None:
    """Set the present price of every tradable instrument from ``prices`` (K, n)."""
    for k in range(len(run.book)):
        if not run.market.flags[k, t] & UNTRADABLE:
            run.book[k].price = prices[k, t]
