"""The built-in strategies by name."""

import inspect
from collections.abc import Mapping
from types import MappingProxyType

from botforge.errors import NotFound
from strategies.base import BaseStrategy
from strategies.library.buy_and_hold import BuyAndHold
from strategies.library.ma_cross import MaCross
from strategies.library.rsi_reversion import RsiReversion

_STRATEGIES: tuple[BaseStrategy, ...] = (BuyAndHold(), MaCross(), RsiReversion())

LIBRARY: Mapping[str, BaseStrategy] = MappingProxyType(
    {strategy.slug: strategy for strategy in _STRATEGIES}
)


def library_strategy(slug: str) -> BaseStrategy:
    """Return the built-in strategy; raises ``NotFound`` that names the choices."""
    if slug in LIBRARY:
        return LIBRARY[slug]
    choices = ", ".join(LIBRARY)
    raise NotFound(f"There is no built-in strategy {slug!r}; there are: {choices}.")


def documentation(strategy: BaseStrategy) -> str:
    """Return what the strategy's author wrote about it; the first line sums it up."""
    return inspect.getdoc(strategy) or ""
