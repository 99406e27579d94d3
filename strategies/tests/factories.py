"""Strategies for the tests of every app."""

from accounts.models import User
from strategies.models import Strategy
from strategies.services import strategy_create

CODE = "enter_long = crossover(sma(close, 20), sma(close, 100))\n"


def strategy_of(owner: User, *, name: str = "Cross", code: str = CODE) -> Strategy:
    return strategy_create(owner=owner, name=name, code=code)
