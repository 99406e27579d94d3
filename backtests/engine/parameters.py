"""ExecutionConfig in the form that the kernels read."""

import math

from backtests.engine.config import CHOICES, ExecutionConfig
from backtests.engine.kernels.types import Params


def _or(value: float | None, default: float) -> float:
    return default if value is None else float(value)


def params_of(config: ExecutionConfig) -> Params:
    """Return the parameters of a run."""

    def code(name: str) -> int:
        return CHOICES[name].index(getattr(config, name))

    fee_rate = float(config.fee_rate)
    slippage = float(config.slippage)
    return Params(
        initial=float(config.initial_capital),
        fee_rate=fee_rate,
        maker_fee_rate=_or(config.maker_fee_rate, fee_rate),
        liq_fee_rate=_or(config.liq_fee_rate, fee_rate),
        fixed_fee=float(config.fixed_fee),
        slippage=slippage,
        entry_rate=slippage + float(config.entry_slippage),
        stop_rate=slippage if config.stop_slippage else 0.0,
        target_rate=slippage if config.stop_slippage == "both" else 0.0,
        size=float(config.size),
        lot_step=_or(config.lot_step, 0.0),
        min_qty=float(config.min_qty),
        max_qty=_or(config.max_qty, math.inf),
        min_notional=float(config.min_notional),
        price_tick=_or(config.price_tick, 0.0),
        leverage=float(config.leverage),
        maint_margin=_or(config.maint_margin, 0.0),
        stop=_or(config.stop_loss, math.nan),
        target=_or(config.take_profit, math.nan),
        trail=_or(config.trailing_stop, math.nan),
        size_mode=code("size_mode"),
        on_opposite=code("on_opposite"),
        anchor=code("stop_anchor"),
        intrabar=code("intrabar"),
        at_end=code("close_at_end"),
        pyramiding=int(config.pyramiding),
        max_positions=2**62 if config.max_positions is None else config.max_positions,
        same_close=config.fill == "same_close",
        size_at_signal=config.size_base == "signal",
        reject=config.on_insufficient == "reject",
        liquidates=bool(config.maint_margin),
        protect=config.negative_balance_protection,
        trail_on_close=config.trail_on == "close",
        stop_on_entry_bar=config.stop_on_entry_bar,
        exit_at_close=config.stop_exit_price == "close",
        stops_first=config.event_order == "stop_first",
        ignore_on_stop_bar=config.signal_on_stop_bar == "ignore",
    )
