"""Numbers, spans and names in the pages of operators."""

from datetime import datetime

from django import template

from backtests.models import Backtest
from backtests.naming import strategy_name
from backtests.reports.numbers import duration

register = template.Library()


@register.filter
def commas(number: int | None) -> str:
    """Return the number with its thousands set apart; a dash for none."""
    return "–" if number is None else f"{number:,}"


@register.filter
def lasting(since: datetime | None, now: datetime) -> str:
    """Return how long something has lasted: "12 s"; a dash for what never began."""
    return duration(None if since is None else (now - since).total_seconds())


@register.filter
def strategy(backtest: Backtest) -> str:
    return strategy_name(backtest)
