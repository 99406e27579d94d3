"""The functions of the language, one registration each."""

from strategies.language.functions import (
    averages,
    calendar,
    candles,
    events,
    maths,
    momentum,
    state,
    statistics,
    trend,
    volatility,
    volume,
)
from strategies.language.functions.registry import FUNCTIONS, register

__all__ = ["FUNCTIONS"]

for _group in (
    averages,
    momentum,
    volatility,
    trend,
    volume,
    statistics,
    events,
    state,
    maths,
    calendar,
    candles,
):
    for _function in _group.FUNCTIONS:
        register(_function)
