"""Which strategy a backtest runs."""

from backtests.models import Backtest
from botforge.errors import NotAvailable
from strategies.base import BaseStrategy
from strategies.library.registry import library_strategy

NOT_YET = (
    "Running your own code is not available yet: your strategy is stored, but only "
    "the built-in strategies can be backtested. Give “library” instead; "
    "strategy-library/ lists them."
)


def runnable_strategy(backtest: Backtest) -> BaseStrategy:
    """Return the strategy to run; ``NotAvailable`` for user code."""
    if not backtest.library:
        raise NotAvailable(NOT_YET)
    return library_strategy(backtest.library)
