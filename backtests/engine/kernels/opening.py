"""Sizing and opening positions, and their stop levels (engine.md 4.3)."""

import math

import numpy as np

from backtests.engine.kernels.compiling import inlined, step
from backtests.engine.kernels.equity import bound_margin, equity_now
from backtests.engine.kernels.filling import fill
from backtests.engine.kernels.types import (
    ANCHOR_FILL,
    ANCHOR_SIGNAL,
    ENTRY,
    EQUITY_FRACTION,
    QUOTE_VALUE,
    UNITS,
    Params,
    Run,
)

# A share of equity that only rounding leaves free.
NOTHING_LEFT = 1e-12


@inlined
def floor_to_lot(quantity: float, lot_step: float) -> float:
    """Round down to whole lots; 1e-9 of a lot absorbs the division's last bits.

    ``np.floor`` stays a float: ``math.floor`` would wrap NaN and large numbers.
    """
    if lot_step > 0.0 and quantity < math.inf:
        return float(np.floor(quantity / lot_step + 1e-9) * lot_step)
    return quantity


@inlined
def to_tick(price: float, tick: float) -> float:
    if tick > 0.0:
        return float(np.floor(price / tick + 0.5) * tick)
    return price


@inlined
def anchor_price(run: Run, k: int, t: int, signal: int, price: float) -> float:
    if run.params.anchor == ANCHOR_FILL:
        return price
    if run.params.anchor == ANCHOR_SIGNAL:
        return float(run.market.close[k, signal])
    return float(run.market.close[k, t])


@inlined
def stop_level(run: Run, k: int, signal: int, side: float, anchor: float) -> float:
    """Return the stop's price, or NaN; a distance of the signal bar wins."""
    distances = run.market.stop
    level = anchor * (1.0 - side * run.params.stop)
    if distances.shape[1] and math.isfinite(distances[k, signal]):
        level = anchor - side * distances[k, signal]
    return to_tick(level, run.params.price_tick)


@inlined
def target_level(run: Run, k: int, signal: int, side: float, anchor: float) -> float:
    """Return the target's price, or NaN; a target at or below zero is none."""
    distances = run.market.target
    level = anchor * (1.0 + side * run.params.target)
    if distances.shape[1] and math.isfinite(distances[k, signal]):
        level = anchor + side * distances[k, signal]
    level = to_tick(level, run.params.price_tick)
    return level if level > 0.0 else math.nan


@inlined
def wanted_size(run: Run, k: int, signal: int) -> float:
    sizes = run.market.size
    if sizes.shape[1] and math.isfinite(sizes[k, signal]):
        return float(sizes[k, signal])
    return run.params.size


@inlined
def wanted_quantity(
    params: Params, size: float, equity: float, ref: float, unit: float, risk: float
) -> float:  # noqa: PLR0913  the terms of the sizing formulas
    """Return how much the size mode asks for, before limits.

    ``unit`` is the cost of one unit with its fee, ``risk`` its distance to the stop.
    """
    if params.size_mode == UNITS:
        return size
    if params.size_mode == QUOTE_VALUE:
        return size / ref
    if params.size_mode == EQUITY_FRACTION:
        if params.reject:
            return size * equity * params.leverage / unit
        return (size * equity * params.leverage - params.fixed_fee) / unit
    return size * equity / risk


@inlined
def affordable(run: Run, want: float, unit: float) -> float:
    """Return ``want``, what the buying power allows instead, or 0 when rejected.

    What rounding leaves of an account that is fully invested is no buying power: a
    position of 1e-14 units would take the place of the next real one.
    """
    params, account = run.params, run.account[0]
    equity = equity_now(run)
    free = equity - bound_margin(run)
    if free <= NOTHING_LEFT * equity:
        free = min(free, 0.0)
    cap = (free * params.leverage - params.fixed_fee) / unit
    if want > cap * (1.0 + 1e-12):
        if params.reject:
            account.rejected_cash += 1
            return 0.0
        want = floor_to_lot(cap, params.lot_step)
        account.reduced += 1
    return want


@step
def enter(run: Run, k: int, t: int, side: float, ref: float, signal: int) -> None:
    """Open a position of instrument k, or add to it, for the signal of a bar."""
    params, account, position = run.params, run.account[0], run.book[k]
    price = ref * (1.0 + side * params.entry_rate)
    anchor = anchor_price(run, k, t, signal, price)
    stop = stop_level(run, k, signal, side, anchor)
    equity = account.signal_equity if params.size_at_signal else equity_now(run)
    unit = price * (1.0 + params.fee_rate)
    want = wanted_quantity(
        params, wanted_size(run, k, signal), equity, ref, unit, abs(price - stop)
    )
    want = floor_to_lot(min(want, params.max_qty), params.lot_step)
    rejected = account.rejected_cash
    want = affordable(run, want, unit)
    if account.rejected_cash > rejected:
        return
    # NaN (a risk fraction without a stop) fails the first test and is refused too.
    if not want > 0.0 or want < params.min_qty or want * price < params.min_notional:
        account.rejected_min += 1
        return
    fee = params.fee_rate * want * price + params.fixed_fee
    fill(run, k, t, side * want, price, fee, ENTRY)
    if position.q == 0.0:
        position.q = side * want
        position.entry = price
        position.entry_bar = t
        position.entry_fees = fee
        position.funding = 0.0
        position.adds = 1
        position.stop = stop
        position.target = target_level(run, k, signal, side, anchor)
        position.extreme = anchor
        position.trail = math.nan
        if run.market.trail.shape[1]:
            position.trail = run.market.trail[k, signal]
        return
    held = abs(position.q)
    position.entry = (position.entry * held + price * want) / (held + want)
    position.q += side * want
    position.entry_fees += fee
    position.adds += 1
