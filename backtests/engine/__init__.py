"""The engine: candles and signals in, exact results out. Pure: no Django, no pandas."""

from backtests.engine.calendars import ALWAYS_OPEN, EXCHANGE, Calendar
from backtests.engine.config import ExecutionConfig
from backtests.engine.levels import order_levels
from backtests.engine.market import NO_STOP, Asset, Funding, needs_stops
from backtests.engine.metrics.benchmark import benchmark_equity
from backtests.engine.metrics.daily import TrackRecord, track_record
from backtests.engine.metrics.headline import HEADLINE
from backtests.engine.metrics.measuring import Metrics, measure
from backtests.engine.metrics.registry import METRICS, Metric
from backtests.engine.metrics.tables import drawdown_table, periodic_returns
from backtests.engine.records import REASONS
from backtests.engine.results import SimulationResult
from backtests.engine.simulation import simulate, simulate_portfolio, worst_and_best
from backtests.engine.sweep import Calculated, Crossings, SweepResult, sweep
from backtests.engine.warming import warm_up

# Raised whenever a number can change for the same inputs.
ENGINE_VERSION = "1.0.2"

__all__ = [
    "ALWAYS_OPEN",
    "ENGINE_VERSION",
    "EXCHANGE",
    "HEADLINE",
    "METRICS",
    "NO_STOP",
    "REASONS",
    "Asset",
    "Calculated",
    "Calendar",
    "Crossings",
    "ExecutionConfig",
    "Funding",
    "Metric",
    "Metrics",
    "SimulationResult",
    "SweepResult",
    "TrackRecord",
    "benchmark_equity",
    "drawdown_table",
    "measure",
    "needs_stops",
    "order_levels",
    "periodic_returns",
    "simulate",
    "simulate_portfolio",
    "sweep",
    "track_record",
    "warm_up",
    "worst_and_best",
]
