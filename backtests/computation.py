"""Computing one backtest: decide, simulate, measure. It reads candles and writes
nothing, so that a run, a re-run and a run on the terminal are the same code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backtests.engine import (
    ExecutionConfig,
    Metrics,
    SimulationResult,
    measure,
    simulate,
)
from backtests.models import Backtest
from backtests.runnable import runnable_strategy
from botforge.errors import InvalidInput
from marketdata.ohlcv import Ohlcv
from marketdata.selectors import load_ohlcv
from strategies.base import BaseStrategy, Decisions, Value


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What is to be computed, nothing of it left to look up.

    ``candles`` begin with ``warmup`` bars that only feed the indicators.
    """

    strategy: BaseStrategy
    parameters: Mapping[str, Value]
    config: ExecutionConfig
    candles: Ohlcv
    warmup: int
    days_per_year: int

    @property
    def window(self) -> Ohlcv:
        """Return the bars that are traded, without the warm-up."""
        return self.candles.slice(self.warmup, len(self.candles))


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """What a run came to; ``decisions`` include the warm-up, as its candles do."""

    run: Run
    decisions: Decisions
    result: SimulationResult
    metrics: Metrics


class CandlesGone(InvalidInput):
    """Raised when there are not enough candles left in the window."""


def run_of(backtest: Backtest, warmup_bars: int | None = None) -> Run:
    """Load all that the backtest needs; None is the warm-up that the strategy wants.

    Raises ``CandlesGone``, and ``BotForgeError`` for a strategy that cannot run.
    """
    strategy = runnable_strategy(backtest)
    if warmup_bars is None:
        warmup_bars = strategy.warmup_bars(backtest.parameters)
    candles, warmup = load_ohlcv(
        backtest.series, backtest.start, backtest.end, warmup_bars
    )
    if len(candles) - warmup < 2:
        raise CandlesGone.field(
            "start", "empty_window", "The candles of this window are gone."
        )
    return Run(
        strategy=strategy,
        parameters=backtest.parameters,
        config=ExecutionConfig(**backtest.execution),
        candles=candles,
        warmup=warmup,
        days_per_year=backtest.series.instrument.days_per_year,
    )


def compute(run: Run, enter: Callable[[str], None] = lambda stage: None) -> Computed:
    """Compute the run, telling ``enter`` the name of each stage before it begins."""
    enter("deciding")
    decisions = run.strategy.decide(run.candles, run.parameters)
    enter("simulating")
    # The warm-up only feeds the indicators: no order is given before the window.
    traded = decisions.signals.slice(run.warmup, len(run.candles))
    result = simulate(run.window, traded, run.config)
    metrics = measure(result, run.window, run.days_per_year)
    return Computed(run=run, decisions=decisions, result=result, metrics=metrics)
