"""Backtests, what came out of them, and what their owners do with that."""

from backtests.models.backtest import Backtest
from backtests.models.comparison import Comparison
from backtests.models.result import BacktestResult
from backtests.models.trial import Trial
from backtests.models.usage import DailyUsage
from backtests.models.verification import Verification

__all__ = [
    "Backtest",
    "BacktestResult",
    "Comparison",
    "DailyUsage",
    "Trial",
    "Verification",
]
