"""Strategies of other packages, through entry points that are made up here."""

from importlib.metadata import EntryPoint

import pytest

from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Parameter, Signals, Values
from strategies.library.installed import (
    GROUP,
    UnusableStrategy,
    installed_strategies,
)
from strategies.library.registry import LIBRARY, by_slug


class Sleeper(BaseStrategy):
    """Never trade."""

    slug = "sleeper"
    title = "Sleeper"

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        return Signals.of(len(ohlcv))


class Unfinished(BaseStrategy):
    """Has no signals."""

    slug = "unfinished"
    title = "Unfinished"


class Shouting(Sleeper):
    """Has a name that no URL takes."""

    slug = "SHOUT!"


class Nameless(Sleeper):
    """Has no title."""

    title = ""


class OutOfBounds(Sleeper):
    """Has a default that it would refuse."""

    parameters = (Parameter("length", 1, minimum=2, maximum=9),)


NOT_A_STRATEGY = "text"


def _point(value: str, name: str = "mine") -> EntryPoint:
    target = value if ":" in value else f"{__name__}:{value}"
    return EntryPoint(name, target, GROUP)


def test_a_strategy_of_an_installed_package_is_found() -> None:
    (strategy,) = installed_strategies([_point("Sleeper")])

    assert isinstance(strategy, Sleeper)
    assert by_slug([*LIBRARY.values(), strategy])["sleeper"] is strategy


def test_nothing_installed_is_nothing_found() -> None:
    assert installed_strategies([]) == ()
    assert all(slug in LIBRARY for slug in ("ma_cross", "turtle"))


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("no_such_package:Strategy", "it cannot be imported: ModuleNotFoundError"),
        ("NoSuchClass", "it cannot be imported: AttributeError"),
        ("NOT_A_STRATEGY", "it is no subclass of BaseStrategy"),
        ("Unfinished", "it cannot be created: TypeError"),
        ("Shouting", "its slug is 'SHOUT!', which is not a name"),
        ("Nameless", "it has no title"),
        ("OutOfBounds", "its defaults are out of its own bounds: Parameter length"),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(value: str, problem: str) -> None:
    with pytest.raises(UnusableStrategy) as refused:
        installed_strategies([_point("Sleeper", "fine"), _point(value, "faulty")])

    assert str(refused.value).startswith("The installed strategy faulty = ")
    assert problem in str(refused.value)


def test_a_name_that_is_taken_is_refused() -> None:
    again = installed_strategies([_point("Sleeper"), _point("Sleeper", "again")])

    with pytest.raises(UnusableStrategy, match="Two strategies are called sleeper"):
        by_slug(again)
