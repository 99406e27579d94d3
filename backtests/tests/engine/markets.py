"""Random markets for property tests: quiet, wild, gapping, on a coarse price grid."""

from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from backtests.engine import Asset, ExecutionConfig, Funding
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals

type Rng = np.random.Generator

HOUR_MS = 3_600_000
STEPS = (0.0005, 0.01, 0.05, 0.3)
GRIDS = (None, 0.5, 5.0)


def candles(rng: Rng, bars: int) -> Ohlcv:
    """Return sane candles; a coarse grid makes touches and ties common."""
    step, gap = rng.choice(STEPS), rng.choice((0.0, 0.5, 2.0))
    close = 100 * np.exp(np.cumsum(rng.normal(0, step, bars)))
    opened = np.r_[100.0, close[:-1]][:bars] * np.exp(rng.normal(0, step * gap, bars))
    grid = rng.choice(np.array(GRIDS, object))
    high = np.maximum(opened, close) * np.exp(np.abs(rng.normal(0, step, bars)))
    low = np.minimum(opened, close) * np.exp(-np.abs(rng.normal(0, step, bars)))
    if grid is not None:
        opened, high, low, close = (
            np.maximum(np.round(x / grid), 1) * grid for x in (opened, high, low, close)
        )
    volume = np.where(rng.random(bars) < 0.1, 0.0, rng.random(bars) * 100)
    time = np.arange(bars) * HOUR_MS
    return Ohlcv(time, opened, high, low, close, volume)


def with_holes(rng: Rng, ohlcv: Ohlcv) -> Ohlcv:
    """Return the candles with some prices missing."""
    columns = {
        name: getattr(ohlcv, name).copy() for name in ("open", "high", "low", "close")
    }
    for values in columns.values():
        values[rng.random(len(ohlcv)) < 0.05] = np.nan
    return Ohlcv(time=ohlcv.time, volume=ohlcv.volume, **columns)


def optional(rng: Rng, bars: int, scale: float) -> NDArray[np.float64] | None:
    if rng.random() < 0.7:
        return None
    values = scale * np.round(rng.random(bars) + 0.05, 2)
    values[rng.random(bars) < 0.5] = np.nan
    return values


def signals(rng: Rng, bars: int, size: float) -> Signals:
    """Return signals of a random density, with clashes, and sometimes distances."""
    density = rng.choice((0.05, 0.2, 0.6))
    enter_long, exit_long, enter_short, exit_short = rng.random((4, bars)) < density
    return Signals(
        enter_long,
        exit_long,
        enter_short,
        exit_short,
        size=optional(rng, bars, size),
        stop_loss=optional(rng, bars, 5.0),
        take_profit=optional(rng, bars, 8.0),
        trailing_stop=optional(rng, bars, 6.0),
    )


def funding(rng: Rng, ohlcv: Ohlcv) -> Funding | None:
    if rng.random() < 0.6 or not len(ohlcv):
        return None
    count = int(rng.integers(0, 12))
    end = int(ohlcv.time[-1]) + 2 * HOUR_MS
    times = rng.integers(-HOUR_MS, end, count)
    on_the_hour = rng.random(count) < 0.5
    times = np.sort(np.where(on_the_hour, times // HOUR_MS * HOUR_MS, times))
    mark = 100 * (0.5 + rng.random(count))
    mark[rng.random(count) < 0.5] = np.nan
    rates = rng.normal(0, 0.01, count)
    return Funding(times, rates, mark if rng.random() < 0.5 else None)


def asset(rng: Rng, bars: int, config: ExecutionConfig) -> Asset:
    ohlcv = candles(rng, bars)
    if config.on_bad_bar == "skip":
        ohlcv = with_holes(rng, ohlcv)
    rank = np.round(rng.normal(0, 1, bars)) if rng.random() < 0.5 else None
    return Asset(ohlcv, signals(rng, bars, config.size), funding(rng, ohlcv), rank)


def _maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from((None, *values))


_SIZES = {
    "equity_fraction": (0.1, 0.5, 1.0, 1.5),
    "units": (0.5, 20.0, 3000.0),
    "quote_value": (50.0, 5_000.0),
    "risk_fraction": (0.001, 0.02),
}
_CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "initial_capital": st.sampled_from((100.0, 10_000.0)),
    "fee_rate": st.sampled_from((0.0, 0.001, 0.02, -0.0005)),
    "maker_fee_rate": _maybe(0.0002),
    "liq_fee_rate": _maybe(0.005),
    "fixed_fee": st.sampled_from((0.0, 0.0, 1.5)),
    "slippage": st.sampled_from((0.0, 0.0005, 0.01)),
    "entry_slippage": st.sampled_from((0.0, 0.002)),
    "stop_slippage": st.sampled_from((True, False, "both")),
    "fill": st.sampled_from(("next_open", "same_close")),
    "intrabar": st.sampled_from(("stop_first", "ohlc_path")),
    "close_at_end": st.sampled_from(("none", "last_close", "last_open")),
    "size_base": st.sampled_from(("fill", "signal")),
    "lot_step": _maybe(0.001, 1.0),
    "min_qty": st.sampled_from((0.0, 0.5)),
    "max_qty": _maybe(30.0),
    "min_notional": st.sampled_from((0.0, 100.0)),
    "price_tick": _maybe(0.1, 5.0),
    "on_insufficient": st.sampled_from(("reduce", "reject")),
    "leverage": st.sampled_from((1.0, 3.0, 20.0)),
    "maint_margin": _maybe(0.005, 0.03),
    "negative_balance_protection": st.booleans(),
    "on_opposite": st.sampled_from(("reverse", "close", "ignore")),
    "on_conflict": st.sampled_from(("ignore", "exit", "entry")),
    "pyramiding": st.sampled_from((1, 1, 2, 5)),
    "max_positions": _maybe(1, 2),
    "stop_loss": _maybe(0.005, 0.05, 0.3),
    "take_profit": _maybe(0.005, 0.05, 0.6),
    "trailing_stop": _maybe(0.005, 0.08),
    "stop_anchor": st.sampled_from(("fill", "signal_close", "close")),
    "trail_on": st.sampled_from(("extreme", "close")),
    "stop_on_entry_bar": st.booleans(),
    "stop_exit_price": st.sampled_from(("stop", "stop", "close")),
    "on_bad_bar": st.sampled_from(("raise", "skip")),
    "zero_volume": st.sampled_from(("trade", "trade", "defer")),
    "event_order": st.sampled_from(("open_first", "open_first", "stop_first")),
    "signal_on_stop_bar": st.sampled_from(("act", "ignore")),
}
_SIDES = ((True, False), (False, True), (True, True), (True, True))


@st.composite
def configs(draw: st.DrawFn) -> ExecutionConfig:
    fields: dict[str, Any] = {name: draw(choice) for name, choice in _CHOICES.items()}
    allow_long, allow_short = draw(st.sampled_from(_SIDES))
    mode: Any = draw(st.sampled_from(tuple(_SIZES)))
    if mode == "risk_fraction" and fields["stop_loss"] is None:
        fields["stop_loss"] = 0.05
    return ExecutionConfig(
        **fields,
        size_mode=mode,
        size=draw(st.sampled_from(_SIZES[mode])),
        allow_long=allow_long,
        allow_short=allow_short,
    )


@st.composite
def portfolios(draw: st.DrawFn, most: int = 1) -> tuple[list[Asset], ExecutionConfig]:
    """Draw assets on the same open times, and a config."""
    config = draw(configs())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    bars = draw(st.integers(0, 80))
    count = draw(st.integers(1, most))
    return [asset(rng, bars, config) for _ in range(count)], config
