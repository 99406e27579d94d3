"""No function sees the future: the values of a prefix are the prefix of the values."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Function
from strategies.tests.functions.drawing import (
    constants,
    each_column,
    outputs_of,
    random_bars,
    with_arrays,
)

LENGTH = 120


cases = given(
    data=st.data(),
    seed=st.integers(0, 2**32),
    bars=st.integers(0, LENGTH),
    rough=st.booleans(),
)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@settings(max_examples=25, deadline=None)
@cases
def test_the_values_of_a_prefix_are_the_prefix_of_the_values(
    function: Function, data: st.DataObject, seed: int, bars: int, rough: bool
) -> None:
    check(function, data, seed, bars, rough)


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@settings(max_examples=1000, deadline=None)
@cases
def test_the_values_of_a_prefix_agree_a_thousand_times(
    function: Function, data: st.DataObject, seed: int, bars: int, rough: bool
) -> None:
    check(function, data, seed, bars, rough)


def check(
    function: Function, data: st.DataObject, seed: int, bars: int, rough: bool
) -> None:
    rng = np.random.default_rng(seed)
    candles = random_bars(LENGTH, rng, rough=rough)
    drawn = data.draw(constants(function))
    given_ = with_arrays(function, drawn, LENGTH, rng, rough=rough)

    whole = outputs_of(function, candles, given_)
    part = outputs_of(
        function,
        each_column(candles, lambda column: column[:bars]),
        tuple(_cut(value, bars) for value in given_),
    )

    assert [_bits(a) for a in part] == [_bits(a[:bars]) for a in whole]


def _cut(values: Any, bars: int) -> Any:
    return values[:bars] if isinstance(values, np.ndarray) else values


def _bits(values: NDArray[Any]) -> bytes:
    """Return the exact bits; every NaN is the same one."""
    return np.where(np.isnan(values), np.nan, values).tobytes()
