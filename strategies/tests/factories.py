"""Strategies for the tests of every app."""

from accounts.models import User
from strategies.models import Strategy
from strategies.services import strategy_create

CODE = """fast = param("fast", 20)
enter_long = crossover(sma(close, fast), sma(close, 100))
"""


def other_code(number: int = 1) -> str:
    """Return another program for every number."""
    return f"enter_long = close > {number}\n"


def strategy_of(owner: User, *, name: str = "Cross", code: str = CODE) -> Strategy:
    return strategy_create(owner=owner, name=name, code=code)
