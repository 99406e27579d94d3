"""The declared warm-up is the number of undefined values on clean data."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Function, Kind
from strategies.tests.functions.drawing import (
    constants,
    outputs_of,
    random_bars,
    with_arrays,
)

BARS = 150
SERIES = {n: f for n, f in FUNCTIONS.items() if f.returns is Kind.SERIES}
CONDITIONS = {n: f for n, f in FUNCTIONS.items() if f.returns is Kind.CONDITION}

# Defined only where something has happened; `test_events` has it happen at once.
ON_EVENT = {"barssince", "valuewhen", "since", "pivothigh", "pivotlow", "ratchet"}


def _undefined(values: NDArray[Any]) -> int:
    """Return how many values are NaN before the first that is not."""
    return int(np.isnan(values).argmin()) if len(values) else 0


@pytest.mark.parametrize("function", SERIES.values(), ids=SERIES)
@settings(max_examples=10, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_the_values_begin_when_the_warmup_ends(
    function: Function, data: st.DataObject, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    drawn = data.draw(constants(function))
    bars = random_bars(BARS, rng)
    warmup = function.warmup(*drawn)

    arrays = outputs_of(function, bars, with_arrays(function, drawn, BARS, rng))

    if function.name in ON_EVENT:
        assert all(np.isnan(array[:warmup]).all() for array in arrays)
    else:
        assert max(map(_undefined, arrays)) == warmup
        assert all(np.isfinite(array[warmup:]).all() for array in arrays)


@pytest.mark.parametrize("function", CONDITIONS.values(), ids=CONDITIONS)
@settings(max_examples=10, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_no_condition_is_true_before_the_warmup_ends(
    function: Function, data: st.DataObject, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    drawn = data.draw(constants(function))
    bars = random_bars(BARS, rng)
    given_ = with_arrays(function, drawn, BARS, rng)

    (condition,) = outputs_of(function, bars, given_)

    assert condition.dtype == np.bool_
    assert not condition[: function.warmup(*drawn)].any()


@pytest.mark.parametrize("left", [1, 2, 5])
@pytest.mark.parametrize("right", [1, 3])
def test_the_first_pivot_is_known_when_the_warmup_ends(left: int, right: int) -> None:
    function = FUNCTIONS["pivothigh"]
    peak = -np.abs(np.arange(20.0) - left)

    values = function.compute(
        random_bars(20, np.random.default_rng(1)), peak, left, right
    )

    assert _undefined(values) == function.warmup(None, left, right)


@pytest.mark.parametrize("occurrence", [0, 1, 4])
def test_a_condition_that_always_holds_is_known_when_the_warmup_ends(
    occurrence: int,
) -> None:
    bars = random_bars(20, np.random.default_rng(1))
    always = np.ones(20, dtype=np.bool_)
    valuewhen, since = FUNCTIONS["valuewhen"], FUNCTIONS["since"]

    values = valuewhen.compute(bars, always, bars.close, occurrence)

    assert _undefined(values) == valuewhen.warmup(None, None, occurrence)
    assert _undefined(FUNCTIONS["barssince"].compute(bars, always)) == 0
    assert _undefined(since.compute(bars, always, "max", bars.close)) == 0
