"""simulate: candles and signals in, equity, fills and trades out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backtests.engine.config import ExecutionConfig
from backtests.engine.kernels.excursions import gross_exposure, measure_excursions
from backtests.engine.kernels.run import run_bars
from backtests.engine.kernels.types import TARGET_FIRST, Market, Params, Run
from backtests.engine.market import Asset, Funding, prepare
from backtests.engine.parameters import params_of
from backtests.engine.records import (
    ACCOUNT_DTYPE,
    COUNTERS,
    FILL_DTYPE,
    POSITION_DTYPE,
    TRADE_DTYPE,
)
from backtests.engine.results import SimulationResult
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals


def simulate(
    ohlcv: Ohlcv,
    signals: Signals,
    config: ExecutionConfig,
    funding: Funding | None = None,
) -> SimulationResult:
    """Run one instrument: ``signals`` of each bar, filled as ``config`` says.

    The result at bar t depends on bars 0..t alone. Raises ``InvalidInput`` for a candle
    that cannot be traded on, ``ValueError`` for signals of another length.
    """
    return simulate_portfolio([Asset(ohlcv, signals, funding)], config)


def simulate_portfolio(
    assets: Sequence[Asset], config: ExecutionConfig
) -> SimulationResult:
    """Run several instruments on one cash pool (engine.md section 11).

    Bars are the union of the instruments' open times. With one asset every number
    equals that of ``simulate``, which is this function.
    """
    prepared = prepare(assets, config)
    params = params_of(config)
    return _run(prepared.market, params, prepared.entries, config)


def worst_and_best(
    ohlcv: Ohlcv,
    signals: Signals,
    config: ExecutionConfig,
    funding: Funding | None = None,
) -> tuple[SimulationResult, SimulationResult]:
    """Run twice over the bars that reach both the stop and the target.

    A candle does not say which came first: the first run takes the stop on every such
    bar (``counters["ambiguous_bars"]``), the second the target. The truth of each bar
    is one of the two; the pair is no bound when an exit changes later entries.
    """
    prepared = prepare([Asset(ohlcv, signals, funding)], config)
    worst = params_of(config)._replace(intrabar=0)
    best = worst._replace(intrabar=TARGET_FIRST)
    return (
        _run(prepared.market, worst, prepared.entries, config),
        _run(prepared.market, best, prepared.entries, config),
    )


def new_run(market: Market, params: Params, entries: int) -> Run:
    """Return a run at its start, with room for all that ``entries`` can cause.

    Every fill is an entry or ends a position that an entry began, so there are at most
    two fills and one trade for each bar that asks for an entry.
    """
    count, bars = len(market.flags), len(market.time)
    book = np.zeros(count, POSITION_DTYPE)
    book["pending"] = book["entry_bar"] = book["stopped_bar"] = -1
    for name in ("stop", "target", "extreme", "trail", "price", "rank"):
        book[name] = np.nan
    book["next_funding"] = market.first_funding[:-1]
    account = np.zeros(1, ACCOUNT_DTYPE)
    account["cash"] = params.initial
    fills: NDArray[Any] = np.empty(2 * entries + 1, FILL_DTYPE)
    trades: NDArray[Any] = np.empty(entries + 1, TRADE_DTYPE)
    return Run(params, market, book, account, fills, trades, np.empty(bars))


def _run(
    market: Market, params: Params, entries: int, config: ExecutionConfig
) -> SimulationResult:
    run = new_run(market, params, entries)
    still_open = run_bars(run)
    account = run.account[0]
    closed = int(account["trades"])
    measure_excursions(run, closed + still_open)
    return SimulationResult(
        config=config,
        time=market.time,
        equity=run.equity,
        fills=run.fills[: account["fills"]].copy(),
        trades=run.trades[:closed].copy(),
        open_trades=run.trades[closed : closed + still_open].copy(),
        counters={name: int(account[name]) for name in COUNTERS},
        cash=float(account["cash"]),
        bankrupt_loss=float(account["bankrupt_loss"]),
        bars_in_market=int(account["bars_in_market"]),
        bankrupt=bool(account["dead"]),
        exposure=gross_exposure(run),
        instruments=len(run.book),
    )
