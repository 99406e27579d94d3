"""SimulationResult: what a run produced."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine.config import ExecutionConfig
from backtests.engine.kernels.excursions import replay_positions


@dataclass(frozen=True, eq=False)
class SimulationResult:
    """The outcome of a run over n bars of K instruments.

    ``time`` (n,) int64 ms, open times of the bars; ``equity`` (n,) float64, quote
    units at each bar's close; ``fills`` and ``trades`` are structured arrays in booking
    order (``records.FILL_DTYPE``, ``TRADE_DTYPE``): ``side`` +1 or -1, sizes positive,
    reasons as codes of ``records.REASONS``. ``open_trades`` has the positions that
    are open at the end, marked at their last close, without exit costs. ``mae`` and
    ``mfe`` are fractions of the entry price, at most and at least 0.

    ``cash`` is what the account holds in the end, ``bankrupt_loss`` the debt that was
    written off, ``bars_in_market`` the bars with a position at their close,
    ``exposure`` the mean over bars of the positions' value as a fraction of equity.
    """

    config: ExecutionConfig
    time: NDArray[np.int64]
    equity: NDArray[np.float64]
    fills: NDArray[Any]
    trades: NDArray[Any]
    open_trades: NDArray[Any]
    counters: dict[str, int]
    cash: float
    bankrupt_loss: float
    bars_in_market: int
    bankrupt: bool
    exposure: float
    instruments: int

    @property
    def open_trade(self) -> Any | None:
        """The open position of a run with one instrument, as a trade record."""
        return self.open_trades[0] if len(self.open_trades) else None

    @cached_property
    def position(self) -> NDArray[np.float64]:
        """Signed quantity at each bar's close: (n,), or (K, n) for K > 1."""
        held = np.empty((self.instruments, len(self.equity)))
        replay_positions(self.fills, held)
        return held[0] if self.instruments == 1 else held
