"""Random programs of the language, as hypothesis strategies of their texts.

They are well typed, so that most of them compile, and use functions of their own
(``FUNCTIONS``), whose rows are easy to compute one by one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from strategies.language.functions.registry import Argument, Bars, Function, Kind

type Array = NDArray[Any]

INPUTS = (
    *("open", "high", "low", "close", "volume"),
    *("hl2", "hour", "bar_index", "bar_minutes"),
)
NUMBERS = ("0", "1", "2.5", "-3", "100", "1e300", "0.1")
ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
FRAMES = ("2h", "4h", "1d")


def _largest(bars: Bars, x: Array, length: int) -> Array:
    """Return the largest of the last values; NaN while there are too few."""
    result = np.full(len(x), np.nan)
    for t in range(length - 1, len(x)):
        result[t] = np.max(x[t - length + 1 : t + 1])
    return result


def _step(bars: Bars, x: Array, factor: float) -> tuple[Array, Array]:
    """Return the change since the bar before, and the range of the bar, scaled."""
    change = np.concatenate((x[:1] * np.nan, np.diff(x)))
    return change * factor, (bars.high - bars.low) * factor


def _first(bars: Bars, condition: Array) -> Array:
    """Return the bars where it has just become true."""
    before = np.concatenate((np.zeros(min(1, len(condition)), bool), condition[:-1]))
    first: Array = condition & ~before
    return first


def _function(
    name: str,
    arguments: tuple[Argument, ...],
    compute: Callable[..., Any],
    warmup: Callable[..., int],
    **more: Any,
) -> Function:
    given: dict[str, Any] = {"outputs": (name,), "returns": Kind.SERIES, **more}
    return Function(
        name=name,
        group="tests",
        arguments=arguments,
        summary="Only for tests.",
        example="",
        compute=compute,
        warmup=warmup,
        cost=1.0,
        source="numpy",
        **given,
    )


X = Argument("x", Kind.SERIES)
FUNCTIONS = {
    function.name: function
    for function in (
        _function(
            "largest",
            (X, Argument("length", Kind.WINDOW)),
            _largest,
            lambda x, length: length - 1,
        ),
        _function(
            "step",
            (X, Argument("factor", Kind.NUMBER, default=1.0)),
            _step,
            lambda x, factor: 1,
            outputs=("change", "range"),
        ),
        _function(
            "first",
            (Argument("condition", Kind.CONDITION),),
            _first,
            lambda condition: 0,
            returns=Kind.CONDITION,
        ),
    )
}

HEADER = """n = param("n", 3, min=1, max=8)
k = param("k", 1.5, min=-10, max=10)
flag = param("flag", True)
"""


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Return the text of a program with every order and every distance."""
    lines, series, conditions = [HEADER], list(INPUTS), ["(close > open)"]
    for i in range(draw(st.integers(0, 8))):
        if draw(st.booleans()):
            lines.append(f"s{i} = {draw(_series(series, conditions))}\n")
            series.append(f"s{i}")
        elif draw(st.booleans()):
            lines.append(f"c{i} = {draw(_condition(series, conditions))}\n")
            conditions.append(f"c{i}")
        else:
            lines.append(f"u{i}, v{i} = step({draw(st.sampled_from(series))}, k)\n")
            series += [f"u{i}", f"v{i}"]
    for order in ("enter_long", "exit_long"):
        lines.append(f"{order} = {draw(_condition(series, conditions))}\n")
    lines.append(f"stop_loss = {draw(_series(series, conditions))}\n")
    return "".join(lines)


def _series(series: list[str], conditions: list[str]) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(series)
    number = st.sampled_from((*NUMBERS, "k", "n"))
    either = st.one_of(leaf, leaf, number)
    condition = st.sampled_from((*conditions, "flag"))
    window = st.sampled_from(("1", "2", "5", "n", "n + 1"))
    return st.one_of(
        _joined("({} {} {})", either, st.sampled_from(ARITHMETIC), leaf),
        _joined("(-{})", leaf),
        _joined("{}[{}]", leaf, st.sampled_from(("0", "1", "3", "n", "n - 1"))),
        _joined("({} if {} else {})", leaf, condition, either),
        _joined("largest({}, {})", leaf, window),
        _joined("({} * 2 + {})", condition, leaf),
        _joined('htf("{}", {})', st.sampled_from(FRAMES), st.sampled_from(INPUTS)),
        _joined(
            'htf("{}", largest({}, {}) - close[1])',
            st.sampled_from(FRAMES),
            st.sampled_from(INPUTS),
            window,
        ),
    )


def _condition(series: list[str], conditions: list[str]) -> st.SearchStrategy[str]:
    leaf = st.sampled_from((*conditions, "flag"))
    value = st.sampled_from((*series, "k", "5"))
    compare = st.sampled_from(COMPARISONS)
    return st.one_of(
        _joined("({} {} {})", value, compare, st.sampled_from(series)),
        _joined("({} {} {} {} {})", value, compare, value, compare, value),
        _joined("({} {} {})", leaf, st.sampled_from(("and", "or")), leaf),
        _joined("(not {})", leaf),
        _joined(
            "({} and close > 0)[{}]",
            st.sampled_from(conditions),
            st.sampled_from("012n"),
        ),
        _joined("first({})", leaf),
        _joined("({} if {} else {})", leaf, leaf, leaf),
        _joined(
            'htf("{}", {} {} close[1])',
            st.sampled_from(FRAMES),
            st.sampled_from(INPUTS),
            compare,
        ),
    )


def _joined(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda values: form.format(*values))
