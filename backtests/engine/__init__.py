"""The engine: candles and signals in, exact results out. Pure: no Django, no pandas."""

from backtests.engine.config import ExecutionConfig
from backtests.engine.market import Asset, Funding
from backtests.engine.records import REASONS
from backtests.engine.results import SimulationResult
from backtests.engine.simulation import simulate, simulate_portfolio, worst_and_best
from backtests.engine.warming import warm_up

# Raised whenever a number can change for the same inputs.
ENGINE_VERSION = "1.0.0"

__all__ = [
    "ENGINE_VERSION",
    "REASONS",
    "Asset",
    "ExecutionConfig",
    "Funding",
    "SimulationResult",
    "simulate",
    "simulate_portfolio",
    "warm_up",
    "worst_and_best",
]
