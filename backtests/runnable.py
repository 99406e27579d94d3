"""Which strategy a backtest runs."""

from backtests.models import Backtest
from marketdata.timeframes import Timeframe
from strategies.base import BaseStrategy
from strategies.language.strategy import LanguageStrategy
from strategies.library.registry import library_strategy
from strategies.limits import language_limits


def strategy_of(backtest: Backtest) -> BaseStrategy:
    """Return the built-in strategy, or the user's code as one.

    Raises ``NotFound`` for a built-in one that is none, and ``CodeRejected`` for code
    that was stored under other rules.
    """
    if backtest.strategy_version is None:
        return library_strategy(backtest.library)
    return LanguageStrategy.of(backtest.strategy_version.code, language_limits())


def runnable_strategy(backtest: Backtest) -> BaseStrategy:
    """Return the strategy as it runs on the backtest's candles.

    Raises as ``strategy_of``, and ``InvalidInput`` if it cannot run on them.
    """
    timeframe = Timeframe.parse(backtest.series.timeframe)
    return strategy_of(backtest).on(timeframe.ms)
