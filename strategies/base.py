"""What a strategy is: declared parameters, a warm-up, and signals from candles."""

import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from botforge.errors import FieldError, InvalidInput
from marketdata.ohlcv import Ohlcv

type Value = bool | int | float | str
type Values = Mapping[str, Value]
type Kind = Literal["bool", "int", "float", "str"]
type Pane = Literal["price", "own"]

_WORDS: dict[Kind, str] = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
}
_TYPES: dict[str, Kind] = {"bool": "bool", "int": "int", "float": "float", "str": "str"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared, bounded input of a strategy; the type is the default's type."""

    name: str
    default: Value
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[Value, ...] | None = None
    description: str = ""

    @property
    def type(self) -> Kind:
        return _TYPES[type(self.default).__name__]

    def check(self, value: object) -> Value | FieldError:
        """Return the value in the declared type, or what is wrong with it."""
        typed = self._typed(value)
        if typed is None:
            return self._error("wrong_type", f"must be {_WORDS[self.type]}")
        if self.choices is not None and typed not in self.choices:
            allowed = ", ".join(map(str, self.choices))
            return self._error("not_a_choice", f"must be one of {allowed}")
        if isinstance(typed, str | bool):
            return typed
        if self.minimum is not None and typed < self.minimum:
            return self._error("too_small", f"must be at least {self.minimum:g}")
        if self.maximum is not None and typed > self.maximum:
            return self._error("too_large", f"must be at most {self.maximum:g}")
        return typed

    def _typed(self, value: object) -> Value | None:
        """Return the value as the declared type; None where it does not fit."""
        if self.type == "str":
            return value if isinstance(value, str) else None
        if isinstance(value, bool) or self.type == "bool":
            return value if isinstance(value, bool) and self.type == "bool" else None
        if isinstance(value, int):
            return value if self.type == "int" else _float(value)
        if not isinstance(value, float) or not math.isfinite(value):
            return None
        if self.type == "int":
            return int(value) if value.is_integer() else None
        return value

    def _error(self, code: str, rule: str) -> FieldError:
        return FieldError(
            f"/parameters/{self.name}", code, f"Parameter {self.name} {rule}."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Signals:
    """Orders decided at each bar's close from data up to and including that bar.

    All arrays have one value per bar. ``size``, ``stop_loss``, ``take_profit`` and
    ``trailing_stop`` are read at the signal bar: the entry's size in the run's size
    mode, and distances from the anchor price in price units; NaN or None means that
    the run's configuration decides.
    """

    enter_long: NDArray[np.bool_]
    exit_long: NDArray[np.bool_]
    enter_short: NDArray[np.bool_]
    exit_short: NDArray[np.bool_]
    size: NDArray[np.float64] | None = None
    stop_loss: NDArray[np.float64] | None = None
    take_profit: NDArray[np.float64] | None = None
    trailing_stop: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        lengths = {
            len(array)
            for field in fields(self)
            if (array := getattr(self, field.name)) is not None
        }
        if len(lengths) != 1:
            raise ValueError("every signal needs one value per bar")

    @classmethod
    def of(
        cls,
        bars: int,
        *,
        enter_long: NDArray[np.bool_] | None = None,
        exit_long: NDArray[np.bool_] | None = None,
        enter_short: NDArray[np.bool_] | None = None,
        exit_short: NDArray[np.bool_] | None = None,
    ) -> "Signals":
        """Build signals for ``bars`` bars from those that the strategy uses."""
        never = np.zeros(bars, dtype=np.bool_)
        return cls(
            enter_long=never if enter_long is None else enter_long,
            exit_long=never if exit_long is None else exit_long,
            enter_short=never if enter_short is None else enter_short,
            exit_short=never if exit_short is None else exit_short,
        )

    def __len__(self) -> int:
        return len(self.enter_long)

    def slice(self, start: int, stop: int) -> "Signals":
        """Return the signals of bars [start, stop) by position, without copying."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        given = {k: c[start:stop] for k, c in columns.items() if c is not None}
        return Signals(**given)


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """A line for the report, one value per bar, NaN where there is none.

    It lies over the candles where it has the unit of a price, and in a pane of its own
    where it has not.
    """

    name: str
    values: NDArray[np.float64]
    pane: Pane = "price"


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """What a strategy makes of candles: its signals, and what it shows of them."""

    signals: Signals
    plots: tuple[Plot, ...] = ()

    def slice(self, start: int, stop: int) -> "Decisions":
        """Return those of bars [start, stop) by position, without copying."""
        plots = (Plot(p.name, p.values[start:stop], p.pane) for p in self.plots)
        return Decisions(self.signals.slice(start, stop), tuple(plots))


class BaseStrategy(ABC):
    """A strategy: stateless, deterministic, and blind to the future.

    ``generate_signals`` must be causal: what it says of bar t depends on bars 0..t
    alone, so that the signals of a prefix are the prefix of the signals.
    """

    slug: str
    title: str
    parameters: tuple[Parameter, ...] = ()
    # Whether its signals bring a stop_loss; None where only a run can tell. A class
    # says it of itself: what is derived from it may add one.
    gives_stops: bool | None = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.gives_stops = cls.__dict__.get("gives_stops")

    @abstractmethod
    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        """Return the signals for every bar of ``ohlcv``."""

    def decide(self, ohlcv: Ohlcv, parameters: Values) -> Decisions:
        """Return the signals, and the plots that come of the same computation.

        A strategy that shows something computes here, and ``generate_signals`` returns
        ``decide(...).signals``; a search over parameters asks for the signals alone.
        """
        return Decisions(self.generate_signals(ohlcv, parameters))

    def warmup_bars(self, parameters: Values) -> int:
        """Return the first bar (0-based) at which every input is defined."""
        return 0

    def on(self, timeframe_ms: int) -> Self:
        """Return the strategy as it runs on candles of this timeframe.

        Most do not care; raises ``InvalidInput`` if it cannot.
        """
        return self

    def check_run(
        self, bars: int, parameters: Values | None = None
    ) -> tuple[FieldError, ...]:
        """Return why a run over so many bars would cost too much; without parameters
        those that cost most are taken."""
        return ()

    @property
    def source(self) -> str:
        """Return the text that decides what the strategy does."""
        return _source_of(type(self))

    def check_together(self, parameters: Values) -> tuple[FieldError, ...]:
        """Return what is wrong with values that are each fine alone."""
        return ()

    def resolve(self, given: Mapping[str, object]) -> dict[str, Value]:
        """Return a value for every declared parameter, in declaration order.

        Raises ``InvalidInput`` with every unknown name, wrong type and value out of
        range at once.
        """
        declared = {parameter.name: parameter for parameter in self.parameters}
        errors = [_unknown(name, declared) for name in given if name not in declared]
        values: dict[str, Value] = {}
        for name, parameter in declared.items():
            checked = parameter.check(given.get(name, parameter.default))
            if isinstance(checked, FieldError):
                errors.append(checked)
            else:
                values[name] = checked
        if not errors:
            errors.extend(self.check_together(values))
        if errors:
            raise InvalidInput(*errors)
        return values


@cache
def _source_of(kind: type[BaseStrategy]) -> str:
    """Return the text of a class; reading and parsing its file takes a millisecond."""
    return inspect.getsource(kind)


def _float(value: int) -> float | None:
    """Return the integer as a float; None beyond what a float can hold."""
    try:
        return float(value)
    except OverflowError:
        return None


def _unknown(name: str, declared: Mapping[str, Parameter]) -> FieldError:
    names = ", ".join(declared) or "none"
    return FieldError(
        f"/parameters/{name}",
        "unknown_parameter",
        f"Unknown parameter {name}; this strategy has: {names}.",
    )
