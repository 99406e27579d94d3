"""Undefined values, short inputs and odd layouts of memory."""

from typing import Any

import numpy as np
import pytest

from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Function, Kind
from strategies.tests.functions.drawing import (
    defaults,
    each_column,
    outputs_of,
    random_bars,
    with_arrays,
)

BARS = 200
HOLE = 80

OF_SERIES = {
    name: function
    for name, function in FUNCTIONS.items()
    if any(argument.kind is Kind.SERIES for argument in function.arguments)
}
# Those that answer for an undefined value, or remember what came before it.
LENIENT = {"nz", "cum", "where", "valuewhen", "since", "ratchet", "min", "max"}


def _arguments(function: Function, bars: int = BARS) -> tuple[Any, ...]:
    rng = np.random.default_rng(5)
    return with_arrays(function, defaults(function), bars, rng)


def _series(function: Function) -> list[int]:
    kinds = [argument.kind for argument in function.arguments]
    return [i for i, kind in enumerate(kinds) if kind is Kind.SERIES]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("function", OF_SERIES.values(), ids=OF_SERIES)
def test_values_recover_after_a_hole(function: Function, bad: float) -> None:
    bars = random_bars(BARS, np.random.default_rng(3))
    given = _arguments(function)
    warmup = function.warmup(*defaults(function))
    whole = outputs_of(function, bars, given)
    for i in _series(function):
        given[i][HOLE] = bad

    holed = outputs_of(function, bars, given)

    for before, after in zip(whole, holed, strict=True):
        recovered = slice(HOLE + 1 + warmup, None)
        assert after[:HOLE].tobytes() == before[:HOLE].tobytes()
        assert np.isfinite(after[recovered]).tolist() == (
            np.isfinite(before[recovered]).tolist()
        )


@pytest.mark.parametrize("function", OF_SERIES.values(), ids=OF_SERIES)
def test_a_hole_is_never_answered_with_a_number(function: Function) -> None:
    bars = random_bars(BARS, np.random.default_rng(3))
    given = _arguments(function)
    for i in _series(function):
        given[i][HOLE] = np.nan

    for array in outputs_of(function, bars, given):
        if function.returns is Kind.CONDITION:
            assert not array[HOLE]
        elif function.name not in LENIENT:
            assert np.isnan(array[HOLE])


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("length", [0, 1, 2, 5])
def test_short_inputs_give_as_many_values(function: Function, length: int) -> None:
    bars = random_bars(length, np.random.default_rng(3))

    for array in outputs_of(function, bars, _arguments(function, length)):
        assert len(array) == length
        if function.returns is Kind.SERIES:
            assert array.dtype == np.float64
            assert np.isnan(array[: function.warmup(*defaults(function))]).all()


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_inputs_may_be_read_only_and_scattered(function: Function) -> None:
    bars = random_bars(BARS, np.random.default_rng(3))
    given = _arguments(function)
    expected = outputs_of(function, bars, given)
    scattered = each_column(bars, _scattered)

    values = outputs_of(function, scattered, tuple(map(_scattered, given)))

    for a, b in zip(values, expected, strict=True):
        np.testing.assert_array_equal(a, b)


def _scattered(values: Any) -> Any:
    if not isinstance(values, np.ndarray):
        return values
    result = np.repeat(values, 2)[::2]
    result.flags.writeable = False
    return result


@pytest.mark.parametrize("function", OF_SERIES.values(), ids=OF_SERIES)
def test_inputs_are_left_as_they_were(function: Function) -> None:
    bars = random_bars(BARS, np.random.default_rng(3))
    given = _arguments(function)
    copies = [np.copy(given[i]) for i in _series(function)]

    outputs_of(function, bars, given)

    for i, copy in zip(_series(function), copies, strict=True):
        np.testing.assert_array_equal(given[i], copy)
