"""What a run writes down: fills, trades, and the names of their reasons."""

import numpy as np

# Reasons of fills and exits, by code. Codes are stable: they are stored with results.
REASONS = (
    "entry",
    "signal",
    "stop_loss",
    "take_profit",
    "trailing_stop",
    "liquidation",
    "bankrupt",
    "end",
    "open",
)

FILL_DTYPE = np.dtype(
    [
        ("bar", np.int64),
        ("side", np.int8),
        ("size", np.float64),
        ("price", np.float64),
        ("fee", np.float64),
        ("reason", np.int8),
        ("instrument", np.int32),
    ],
    align=True,
)

TRADE_DTYPE = np.dtype(
    [
        ("side", np.int8),
        ("size", np.float64),
        ("entry_bar", np.int64),
        ("exit_bar", np.int64),
        ("entry_price", np.float64),
        ("exit_price", np.float64),
        ("pnl", np.float64),
        ("return", np.float64),
        ("fees", np.float64),
        ("funding", np.float64),
        ("mae", np.float64),
        ("mfe", np.float64),
        ("exit_reason", np.int8),
        ("instrument", np.int32),
    ],
    align=True,
)

FUNDING_DTYPE = np.dtype(
    [("time", np.int64), ("rate", np.float64), ("mark", np.float64)], align=True
)

# One record per instrument. ``price`` is the price at which the instrument counts now:
# the open, then the close of the bar; the last known close while it cannot be traded.
POSITION_DTYPE = np.dtype(
    [
        ("q", np.float64),
        ("entry", np.float64),
        ("entry_fees", np.float64),
        ("funding", np.float64),
        ("stop", np.float64),
        ("target", np.float64),
        ("extreme", np.float64),
        ("trail", np.float64),
        ("price", np.float64),
        ("entry_bar", np.int64),
        ("stopped_bar", np.int64),
        ("adds", np.int64),
        ("pending", np.int64),
        ("signal", np.int64),
        ("wanted", np.int64),
        ("next_funding", np.int64),
        ("rank", np.float64),
    ],
    align=True,
)

ACCOUNT_DTYPE = np.dtype(
    [
        ("cash", np.float64),
        ("bankrupt_loss", np.float64),
        ("signal_equity", np.float64),
        ("fills", np.int64),
        ("trades", np.int64),
        ("dead", np.int64),
        ("bars_in_market", np.int64),
        ("rejected_cash", np.int64),
        ("rejected_min", np.int64),
        ("rejected_slots", np.int64),
        ("reduced", np.int64),
        ("unfilled_last_bar", np.int64),
        ("ambiguous_bars", np.int64),
        ("liquidations", np.int64),
        ("untradable_bars", np.int64),
        ("deferred_bars", np.int64),
    ],
    align=True,
)

COUNTERS = tuple(ACCOUNT_DTYPE.names or ())[7:]


def reason_code(name: str) -> int:
    """Return the code of a reason; ``ValueError`` for an unknown one."""
    return REASONS.index(name)
