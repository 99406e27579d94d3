"""Strategies of other installed packages, found by entry points or by name."""

import inspect
import re
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from botforge.errors import InvalidInput
from strategies.base import BaseStrategy

GROUP = "botforge.strategies"
SLUG = re.compile(r"[a-z][a-z0-9_]{0,49}")
NAMED = re.compile(r"\w+(\.\w+)*:\w+")


class UnusableStrategy(Exception):
    """Raised at start-up when an installed package offers what cannot be run.

    The operator has to repair or remove the package: a strategy that silently is not
    there would be worse.
    """


def installed_strategies(
    points: Iterable[EntryPoint] | None = None,
) -> tuple[BaseStrategy, ...]:
    """Return an instance of every strategy class that a package registers, by name.

    A package names its ``BaseStrategy`` subclasses, which need no arguments, in the
    entry-point group ``botforge.strategies``. Raises ``UnusableStrategy``.
    """
    found = entry_points(group=GROUP) if points is None else points
    return tuple(_load(point) for point in sorted(found, key=lambda p: p.name))


def named_class(name: str) -> EntryPoint:
    """Return what "package.module:Class" names, as if a package had registered it.

    Raises ``UnusableStrategy`` for a name of another form.
    """
    if not NAMED.fullmatch(name):
        raise UnusableStrategy(f"{name!r} does not have the form package.module:Class.")
    return EntryPoint(name.partition(":")[2], name, GROUP)


def _load(point: EntryPoint) -> BaseStrategy:
    try:
        loaded = point.load()
    except Exception as error:  # noqa: BLE001 - a package can fail in any way
        raise _unusable(point, f"it cannot be imported: {error!r}") from error
    if not (inspect.isclass(loaded) and issubclass(loaded, BaseStrategy)):
        raise _unusable(point, "it is no subclass of BaseStrategy")
    try:
        strategy = loaded()
    except Exception as error:  # noqa: BLE001 - a package can fail in any way
        raise _unusable(point, f"it cannot be created: {error!r}") from error
    problem = _problem(strategy)
    if problem is not None:
        raise _unusable(point, problem)
    return strategy


def _problem(strategy: BaseStrategy) -> str | None:
    """Return what a listing or a run of the strategy would stumble over."""
    slug, title = getattr(strategy, "slug", None), getattr(strategy, "title", None)
    if not isinstance(slug, str) or not SLUG.fullmatch(slug):
        return f"its slug is {slug!r}, which is not a name such as my_strategy"
    if not isinstance(title, str) or not title:
        return "it has no title"
    if not inspect.getdoc(type(strategy)):
        return "its class has no docstring"
    try:
        strategy.resolve({})
    except InvalidInput as error:
        return f"its defaults are out of its own bounds: {error.detail}"
    return None


def _unusable(point: EntryPoint, problem: str) -> UnusableStrategy:
    return UnusableStrategy(
        f"The installed strategy {point.name} = {point.value} cannot be used: "
        f"{problem}."
    )
