"""ExecutionConfig: how orders become fills, with every default written out."""

from dataclasses import dataclass
from typing import Literal, get_args

from backtests.engine.config_rules import check
from botforge.errors import InvalidInput

type Fill = Literal["next_open", "same_close"]
type Intrabar = Literal["stop_first", "ohlc_path"]
type CloseAtEnd = Literal["none", "last_close", "last_open"]
type SizeMode = Literal["equity_fraction", "units", "quote_value", "risk_fraction"]
type SizeBase = Literal["fill", "signal"]
type OnInsufficient = Literal["reduce", "reject"]
type OnOpposite = Literal["reverse", "close", "ignore"]
type OnConflict = Literal["ignore", "exit", "entry"]
type StopAnchor = Literal["fill", "signal_close", "close"]
type TrailOn = Literal["extreme", "close"]
type StopExitPrice = Literal["stop", "close"]
type EventOrder = Literal["open_first", "stop_first"]
type SignalOnStopBar = Literal["act", "ignore"]
type OnBadBar = Literal["raise", "skip"]
type ZeroVolume = Literal["trade", "defer"]

CHOICES: dict[str, tuple[str, ...]] = {
    "fill": get_args(Fill.__value__),
    "intrabar": get_args(Intrabar.__value__),
    "close_at_end": get_args(CloseAtEnd.__value__),
    "size_mode": get_args(SizeMode.__value__),
    "size_base": get_args(SizeBase.__value__),
    "on_insufficient": get_args(OnInsufficient.__value__),
    "on_opposite": get_args(OnOpposite.__value__),
    "on_conflict": get_args(OnConflict.__value__),
    "stop_anchor": get_args(StopAnchor.__value__),
    "trail_on": get_args(TrailOn.__value__),
    "stop_exit_price": get_args(StopExitPrice.__value__),
    "event_order": get_args(EventOrder.__value__),
    "signal_on_stop_bar": get_args(SignalOnStopBar.__value__),
    "on_bad_bar": get_args(OnBadBar.__value__),
    "zero_volume": get_args(ZeroVolume.__value__),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionConfig:
    """The execution rules of one run; ``docs`` of each option: engine.md section 3.

    Rates are fractions (0.001 = 0.1 %), money is in quote units, ``stop_loss``,
    ``take_profit`` and ``trailing_stop`` are fractions of the anchor price. None means
    "not set": no level, no lot step, no upper limit; for ``maker_fee_rate`` and
    ``liq_fee_rate`` the same as ``fee_rate``. A
    ``maint_margin`` of None or 0 means no margin call: the account ends only when its
    equity is gone at a close.

    Raises ``InvalidInput`` with everything that is wrong, one error per field.
    """

    initial_capital: float = 10_000.0
    fee_rate: float = 0.001
    maker_fee_rate: float | None = None
    fixed_fee: float = 0.0
    slippage: float = 0.0005
    entry_slippage: float = 0.0
    stop_slippage: bool | Literal["both"] = True
    fill: Fill = "next_open"
    intrabar: Intrabar = "stop_first"
    close_at_end: CloseAtEnd = "none"
    size_mode: SizeMode = "equity_fraction"
    size: float = 1.0
    size_base: SizeBase = "fill"
    lot_step: float | None = None
    min_qty: float = 0.0
    max_qty: float | None = None
    min_notional: float = 0.0
    price_tick: float | None = None
    on_insufficient: OnInsufficient = "reduce"
    leverage: float = 1.0
    maint_margin: float | None = 0.005
    liq_fee_rate: float | None = None
    negative_balance_protection: bool = True
    allow_long: bool = True
    allow_short: bool = False
    on_opposite: OnOpposite = "reverse"
    on_conflict: OnConflict = "ignore"
    pyramiding: int = 1
    max_positions: int | None = None
    stop_loss: float | None = None
    take_profit: float | None = None
    trailing_stop: float | None = None
    stop_anchor: StopAnchor = "fill"
    trail_on: TrailOn = "extreme"
    stop_on_entry_bar: bool = True
    stop_exit_price: StopExitPrice = "stop"
    on_bad_bar: OnBadBar = "raise"
    zero_volume: ZeroVolume = "trade"
    event_order: EventOrder = "open_first"
    signal_on_stop_bar: SignalOnStopBar = "act"

    def __post_init__(self) -> None:
        if self.max_qty == float("inf"):
            object.__setattr__(self, "max_qty", None)
        errors = check(self, CHOICES)
        if errors:
            raise InvalidInput(*errors)
