"""Where the stop and the target of a run's trades lay."""

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.following import replay_levels
from backtests.engine.market import Asset, prepare
from backtests.engine.parameters import params_of
from backtests.engine.records import reason_code
from backtests.engine.results import SimulationResult
from backtests.engine.simulation import new_run
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals

type Prices = NDArray[np.float64]


def order_levels(
    result: SimulationResult, ohlcv: Ohlcv, signals: Signals
) -> dict[str, Prices]:
    """Return "stop" (the nearer of stop and trail) and "target" by bar.

    Each is (n,) in price units, NaN on bars without a position; one that no trade has
    is left out. On a bar that ends a trade and begins another, the new one's are told.
    ``ohlcv`` and ``signals`` are those that ``result`` was made from, one instrument.
    """
    if not _has_levels(result, signals):
        return {}
    # Nothing is simulated: the run only lends its functions what they read.
    market = prepare([Asset(ohlcv, signals)], result.config).market
    run = new_run(market, params_of(result.config), 0)
    trades = np.concatenate((result.trades, result.open_trades))
    levels = {name: np.full(len(ohlcv), np.nan) for name in ("stop", "target")}
    replay_levels(run, trades, _first_prices(result), levels["stop"], levels["target"])
    return {name: line for name, line in levels.items() if np.isfinite(line).any()}


def _has_levels(result: SimulationResult, signals: Signals) -> bool:
    names = ("stop_loss", "take_profit", "trailing_stop")
    given = (getattr(source, n) for source in (result.config, signals) for n in names)
    return len(result.fills) > 0 and any(value is not None for value in given)


def _first_prices(result: SimulationResult) -> Prices:
    """Return the price of the first fill of each trade; later ones add to it."""
    entries = result.fills["reason"] == reason_code("entry")
    first = entries & ~np.r_[False, entries[:-1]]
    return np.ascontiguousarray(result.fills["price"][first])
