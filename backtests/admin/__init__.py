"""Backtests in the admin: to watch, to cancel, to run and to verify again."""

from backtests.admin.backtests import BacktestAdmin
from backtests.admin.records import (
    ComparisonAdmin,
    DailyUsageAdmin,
    TrialAdmin,
    VerificationAdmin,
)
from backtests.admin.results import BacktestResultAdmin

__all__ = [
    "BacktestAdmin",
    "BacktestResultAdmin",
    "ComparisonAdmin",
    "DailyUsageAdmin",
    "TrialAdmin",
    "VerificationAdmin",
]
