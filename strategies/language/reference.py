"""The language described: one source for the API's answer and the reference page."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from marketdata.timeframes import CODES
from strategies.language.calls import window_bounds
from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Argument, Function, Kind
from strategies.language.inputs import INPUTS
from strategies.language.limits import DEFAULT_LIMITS, Limits
from strategies.language.outputs import OUTPUTS

GRAMMAR: Mapping[str, str] = {
    "statements": "`name = expr`; `a, b, c = f(...)` for functions with several "
    'outputs, `_` for one that is not wanted; `plot("name", series)` and '
    "`require(condition)`; a docstring at the top. A name is bound once.",
    "literals": "numbers, `True`, `False`, and short texts where a function asks for "
    "one. Numbers are 64-bit floats.",
    "operators": "`+ - * / // % **`, unary `-`, comparisons (chained too), `and or "
    "not`, `a if c else b`: all of them element by element.",
    "history": "`x[n]` is x n bars ago; n is a constant or an int parameter, never "
    "negative.",
    "calls": "functions by their plain name, arguments by position or by name.",
    "nan": "NaN is what is not known. A comparison with NaN is False; x/0 is NaN, "
    "and so is the remainder of more than 2**53 divisors; infinity becomes NaN at an "
    "output.",
    "holes": "a function over a window begins again after an undefined value: a window "
    "that holds one is undefined, an average with a memory starts anew.",
    "conditions": "true or false on every bar, never NaN; in arithmetic they count as "
    "1 and 0. A series is no condition: compare it with something.",
}
CONSTRUCTS: tuple[dict[str, str], ...] = (
    {
        "name": "param",
        "signature": "param(name, default, min=, max=, step=, choices=, description=)",
        "summary": "Declares an input of the strategy, which a run, or a search, can "
        "set; its type is the default's: whole for 20, unless min, max, step or a "
        "choice is a fraction. step is for searches and forms, and no bound.",
        "example": 'fast = param("fast", 20, min=2, max=200)',
    },
    {
        "name": "plot",
        "signature": 'plot(name, series, pane="price")',
        "summary": "Shows the series in the report, over the candles or, with "
        'pane="own", below them; it stands alone on its line.',
        "example": 'plot("rsi", rsi(close, 14), pane="own")',
    },
    {
        "name": "require",
        "signature": "require(condition)",
        "summary": "What must hold between parameters, whose bounds look at one alone; "
        "values that break it are refused before anything runs, the defaults included. "
        "It stands alone on its line.",
        "example": "require(fast < slow)",
    },
    {
        "name": "htf",
        "signature": "htf(timeframe, expr)",
        "summary": "The expression over the bars of a higher timeframe, as it was on "
        "the last of them that is complete at this bar's close. The names in it are "
        "computed over the higher bars, too. One htf does not stand inside another.",
        "example": 'trend = htf("1d", close > sma(close, 50))',
    },
)


def describe(limits: Limits = DEFAULT_LIMITS) -> dict[str, Any]:
    """Return the language as plain data, as the API shows it."""
    return {
        "functions": [_described(function, limits) for function in FUNCTIONS.values()],
        "constructs": [dict(construct) for construct in CONSTRUCTS],
        "inputs": [
            {"name": given.name, "summary": given.summary} for given in INPUTS.values()
        ],
        "outputs": [
            {"name": o.name, "type": str(o.type), "summary": o.summary}
            for o in OUTPUTS.values()
        ],
        "grammar": dict(GRAMMAR),
        "timeframes": list(CODES),
        "limits": asdict(limits),
    }


def signature(function: Function) -> str:
    """Return the call as it is written, defaults included."""
    return f"{function.name}({', '.join(map(_written, function.arguments))})"


def _written(argument: Argument) -> str:
    if argument.default is None:
        return argument.name
    default = argument.default
    text = default if argument.kind is Kind.SERIES else repr(default)
    if isinstance(default, float) and default.is_integer():
        text = f"{default:.0f}"
    return f"{argument.name}={text}"


def _described(function: Function, limits: Limits) -> dict[str, Any]:
    return {
        "name": function.name,
        "group": function.group,
        "signature": signature(function),
        "arguments": [_argument(argument, limits) for argument in function.arguments],
        "outputs": list(function.outputs),
        "returns": str(function.returns),
        "inputs": list(function.inputs),
        "summary": function.summary,
        "example": function.example,
        "source": function.source,
        "cost": function.cost,
        "cost_per_length": function.cost_per_length,
    }


def _argument(argument: Argument, limits: Limits) -> dict[str, Any]:
    low: float | None = argument.minimum
    high: float | None = argument.maximum
    if argument.kind is Kind.WINDOW:
        low, high = window_bounds(argument, limits.window)
    return {
        "name": argument.name,
        "kind": str(argument.kind),
        "required": argument.default is None,
        "default": argument.default,
        "minimum": low,
        "maximum": high,
        "choices": None if argument.choices is None else list(argument.choices),
    }
