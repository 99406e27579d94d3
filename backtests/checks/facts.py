"""What the checks look at: a run with everything that is known about it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backtests.engine import SimulationResult
from backtests.engine.calendars import last_bars_of_days
from backtests.engine.metrics.benchmark import benchmark_equity
from backtests.engine.metrics.moments import returns_of
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals
from strategies.causality import CausalityCheck

type Series = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Background:
    """What is known besides the run itself.

    ``grade`` of the series ("" when it was never graded) and the share of its bars that
    are ``missing``; the bars of warm-up that the strategy wants and those that there
    were; ``causality``, None where it could not be checked.
    """

    grade: str
    missing: float
    warmup_wanted: int
    warmup_found: int
    causality: CausalityCheck | None


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """A run over ``candles`` by ``signals``, without the warm-up, one instrument.

    ``days`` and ``benchmark_days`` are the daily returns of the run and of buying and
    holding with the same costs; ``profit`` is that of all trades, the open one
    included, before fees and funding.
    """

    result: SimulationResult
    metrics: Mapping[str, float]
    candles: Ohlcv
    signals: Signals
    background: Background
    days: Series
    benchmark_days: Series
    profit: float
    traded: float


def facts_of(
    result: SimulationResult,
    metrics: Mapping[str, float],
    candles: Ohlcv,
    signals: Signals,
    background: Background,
) -> Facts:
    """Gather the facts of a run, computing what several checks need."""
    ends = last_bars_of_days(result.time)
    benchmark = benchmark_equity(result.config, candles, ends)
    fills = result.fills
    return Facts(
        result=result,
        metrics=metrics,
        candles=candles,
        signals=signals,
        background=background,
        days=returns_of(result.equity[ends]),
        benchmark_days=returns_of(benchmark),
        profit=sum(
            float((trades["pnl"] + trades["fees"] + trades["funding"]).sum())
            for trades in (result.trades, result.open_trades)
        ),
        traded=float((fills["size"] * fills["price"]).sum()),
    )
