"""Funding of perpetual contracts: paid by the side that the rate asks (engine.md 5)."""

import math

from backtests.engine.kernels.compiling import inlined, step
from backtests.engine.kernels.types import FUNDING, UNTRADABLE, Run


@step
def apply_funding(run: Run, k: int, after: int, until: int) -> None:
    """Apply the events of instrument k in (after, until] to the position held now.

    Older events have passed without effect. The mark price of an event without one is
    the instrument's present price.
    """
    events, position = run.market.funding, run.book[k]
    end = run.market.first_funding[k + 1]
    while position.next_funding < end:
        event = events[position.next_funding]
        if event.time > until:
            return
        if event.time > after and position.q != 0.0:
            mark = position.price if math.isnan(event.mark) else event.mark
            pay = position.q * mark * event.rate
            run.account[0].cash -= pay
            position.funding += pay
        position.next_funding += 1


@inlined
def fund_at_open(run: Run, t: int) -> None:
    """Apply what fell due since the open of the bar before, up to this open."""
    times = run.market.time
    before = times[t - 1] if t > 0 else times[t] - 1
    for k in range(len(run.book)):
        bits = run.market.flags[k, t]
        if bits & FUNDING and not bits & UNTRADABLE:
            apply_funding(run, k, before, times[t])


@inlined
def fund_inside(run: Run, t: int) -> None:
    """Apply what falls due before the next bar opens; after the last bar, all of it."""
    times = run.market.time
    until = times[t + 1] - 1 if t + 1 < len(times) else 2**62
    for k in range(len(run.book)):
        bits = run.market.flags[k, t]
        if bits & FUNDING and not bits & UNTRADABLE:
            apply_funding(run, k, times[t], until)
