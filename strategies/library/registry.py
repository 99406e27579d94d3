"""The built-in strategies, and those of installed packages, by name."""

import inspect
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from botforge.errors import NotFound
from strategies.base import BaseStrategy
from strategies.language.strategy import LanguageStrategy
from strategies.library.buy_and_hold import BuyAndHold
from strategies.library.installed import (
    UnusableStrategy,
    installed_strategies,
    named_class,
)
from strategies.library.ma_cross import MaCross
from strategies.library.rsi_reversion import RsiReversion
from strategies.library.templates import templates


def by_slug(strategies: Iterable[BaseStrategy]) -> dict[str, BaseStrategy]:
    """Return the strategies by name; raises ``UnusableStrategy`` for a name twice."""
    found: dict[str, BaseStrategy] = {}
    for strategy in strategies:
        if strategy.slug in found:
            raise UnusableStrategy(f"Two strategies are called {strategy.slug}.")
        found[strategy.slug] = strategy
    return found


_LIBRARY = by_slug(
    (
        BuyAndHold(),
        MaCross(),
        RsiReversion(),
        *templates(),
        *installed_strategies(),
    )
)
LIBRARY: Mapping[str, BaseStrategy] = MappingProxyType(_LIBRARY)


def add_classes(names: Iterable[str]) -> None:
    """Add strategies that a setting names, as "package.module:Class", for good.

    Raises ``UnusableStrategy``.
    """
    added = installed_strategies(map(named_class, names))
    _LIBRARY.update(by_slug((*_LIBRARY.values(), *added)))


def library_strategy(slug: str) -> BaseStrategy:
    """Return the built-in strategy; raises ``NotFound`` that names the choices."""
    if slug in LIBRARY:
        return LIBRARY[slug]
    choices = ", ".join(LIBRARY)
    raise NotFound(f"There is no built-in strategy {slug!r}; there are: {choices}.")


def documentation(strategy: BaseStrategy) -> str:
    """Return what the strategy's author wrote about it; the first line sums it up."""
    if isinstance(strategy, LanguageStrategy):
        return strategy.program.documentation
    return inspect.getdoc(strategy) or ""
