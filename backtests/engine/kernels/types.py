"""What crosses into the kernels: parameters, the market, and the record of a run."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Bits of ``Market.flags``: the decisions at a bar's close, and what kind of bar it is.
ENTER_LONG = 1
EXIT_LONG = 2
ENTER_SHORT = 4
EXIT_SHORT = 8
DECISIONS = 15
UNTRADABLE = 16
DEFERRED = 32
FUNDING = 64
# Eight flags in one word: times a byte, that byte eight times.
EVERY_BYTE = np.uint64(0x0101010101010101)
SPECIAL = UNTRADABLE | DEFERRED | FUNDING

# Codes of the choices in Params, in the order of the names in ``config.CHOICES``.
EQUITY_FRACTION, UNITS, QUOTE_VALUE, RISK_FRACTION = range(4)
REVERSE, CLOSE_ONLY, IGNORE = range(3)
ANCHOR_FILL, ANCHOR_SIGNAL, ANCHOR_CLOSE = range(3)
STOP_FIRST, OHLC_PATH, TARGET_FIRST = range(3)
END_OPEN, END_LAST_CLOSE, END_LAST_OPEN = range(3)

# Codes of ``records.REASONS``.
ENTRY, SIGNAL, STOP, TARGET, TRAIL, LIQUIDATION, BANKRUPT, END, OPEN = range(9)


class Params(NamedTuple):
    """ExecutionConfig as the kernels read it: NaN or 0 stand for "not set"."""

    initial: float
    fee_rate: float
    maker_fee_rate: float
    liq_fee_rate: float
    fixed_fee: float
    slippage: float
    entry_rate: float
    stop_rate: float
    target_rate: float
    size: float
    lot_step: float
    min_qty: float
    max_qty: float
    min_notional: float
    price_tick: float
    leverage: float
    maint_margin: float
    stop: float
    target: float
    trail: float
    size_mode: int
    on_opposite: int
    anchor: int
    intrabar: int
    at_end: int
    pyramiding: int
    max_positions: int
    same_close: bool
    size_at_signal: bool
    reject: bool
    liquidates: bool
    protect: bool
    trail_on_close: bool
    stop_on_entry_bar: bool
    exit_at_close: bool
    stops_first: bool
    ignore_on_stop_bar: bool


class Market(NamedTuple):
    """K instruments on n bars. Optional arrays have zero columns when absent.

    ``time`` is (n,) int64 ms; prices, distances, sizes and ranks are (K, n) float64;
    ``flags`` is (K, m) uint8, m being n rounded up to a multiple of 8, and ``words``
    the same memory as (K, m / 8) uint64, to look at eight bars in one go. ``funding``
    holds the events of all instruments one after the other, those of instrument k at
    ``first_funding[k]:first_funding[k + 1]``.
    """

    time: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    size: NDArray[np.float64]
    stop: NDArray[np.float64]
    target: NDArray[np.float64]
    trail: NDArray[np.float64]
    rank: NDArray[np.float64]
    flags: NDArray[np.uint8]
    words: NDArray[np.uint64]
    funding: NDArray[Any]
    first_funding: NDArray[np.int64]


class Run(NamedTuple):
    """Everything a step reads and writes.

    ``book`` has one POSITION record per instrument, ``account`` one ACCOUNT record,
    ``fills`` and ``trades`` room for every fill and trade, ``equity`` one value a bar.
    """

    params: Params
    market: Market
    book: NDArray[Any]
    account: NDArray[Any]
    fills: NDArray[Any]
    trades: NDArray[Any]
    equity: NDArray[np.float64]
