"""What a function of the language is, and the one place that knows all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Kind(StrEnum):
    """What an argument takes."""

    SERIES = "series"  # float64 per bar
    CONDITION = "condition"  # bool per bar
    WINDOW = "window"  # an integer constant or parameter, above 0
    NUMBER = "number"  # a float constant or parameter
    TEXT = "text"  # a short literal


class Bars(NamedTuple):
    """The candles that a function with implicit inputs reads.

    ``time`` is the open time in milliseconds UTC, the other arrays are float64.
    """

    time: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    timeframe_ms: int


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument; without a default it must be given."""

    name: str
    kind: Kind
    default: float | str | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One registration: all that the checker, the evaluator and the docs know.

    ``compute(bars, *arguments)`` gets arrays for series and conditions, a Python int,
    float or str for the rest, and returns one array per name in ``outputs`` (a tuple of
    them where there are several). ``warmup`` gets the arguments in the same order, None
    for arrays, and returns the bars that are undefined at the start beyond those that
    the array arguments lose. ``cost`` is relative to one vector addition per bar, and
    ``cost_per_length`` is what each bar of the argument ``length`` adds to it. A
    function with a ``cost_per_stretch`` begins again after an undefined value, and each
    stretch without one costs so much more, whatever its length.
    """

    name: str
    group: str
    arguments: tuple[Argument, ...]
    outputs: tuple[str, ...]
    returns: Literal[Kind.SERIES, Kind.CONDITION]
    summary: str
    example: str
    compute: Callable[..., Any]
    warmup: Callable[..., int]
    cost: float
    source: Literal["talib", "numba", "numpy"]
    inputs: tuple[str, ...] = ()
    cost_per_length: float = 0.0
    cost_per_stretch: float = 0.0
    # Of the arguments, their names, and how many must be given.
    names: tuple[str, ...] = field(init=False)
    required: int = field(init=False)

    def __post_init__(self) -> None:
        given = sum(argument.default is None for argument in self.arguments)
        object.__setattr__(self, "names", tuple(a.name for a in self.arguments))
        object.__setattr__(self, "required", given)


_FUNCTIONS: dict[str, Function] = {}

FUNCTIONS: Mapping[str, Function] = MappingProxyType(_FUNCTIONS)


def register(function: Function) -> Function:
    """Add the function; raises ``ValueError`` for a name that is taken."""
    if function.name in _FUNCTIONS:
        raise ValueError(f"two functions are called {function.name}")
    _FUNCTIONS[function.name] = function
    return function
