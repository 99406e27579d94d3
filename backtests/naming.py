"""What operators call a backtest's strategy."""

from backtests.models import Backtest


def strategy_name(backtest: Backtest) -> str:
    """Return the built-in strategy's slug, or the own one's name and version.

    Reads ``strategy_version.strategy``: select it where queries count.
    """
    version = backtest.strategy_version
    if version is None:
        return backtest.library
    return f"{version.strategy.name} · v{version.number}"
