"""Every built-in strategy is blind to the future."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.base import BaseStrategy, Parameter, Signals, Value
from strategies.library.registry import LIBRARY
from strategies.tests.candles import random_candles

BARS = 300


def _values(parameter: Parameter) -> st.SearchStrategy[Value]:
    """Return values short enough for the strategy to act within ``BARS``."""
    if parameter.choices is not None:
        return st.sampled_from(parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    assert low is not None
    assert high is not None
    if parameter.type == "int":
        return st.integers(int(low), min(int(high), BARS // 4))
    return st.floats(low, high)


def _prefix(signals: Signals, bars: int) -> dict[str, list[object]]:
    arrays = {field.name: getattr(signals, field.name) for field in fields(signals)}
    return {name: a[:bars].tolist() for name, a in arrays.items() if a is not None}


@pytest.mark.parametrize("strategy", LIBRARY.values(), ids=LIBRARY)
@given(data=st.data(), seed=st.integers(0, 2**32), bars=st.integers(0, BARS))
def test_the_signals_of_a_prefix_are_the_prefix_of_the_signals(
    strategy: BaseStrategy, data: st.DataObject, seed: int, bars: int
) -> None:
    drawn = {p.name: data.draw(_values(p), label=p.name) for p in strategy.parameters}
    candles = random_candles(BARS, seed)

    whole = strategy.generate_signals(candles, drawn)
    part = strategy.generate_signals(candles.slice(0, bars), drawn)

    assert _prefix(part, bars) == _prefix(whole, bars)


@pytest.mark.parametrize("strategy", LIBRARY.values(), ids=LIBRARY)
def test_nothing_is_signalled_before_the_warmup_is_over(strategy: BaseStrategy) -> None:
    values = strategy.resolve({})
    warmup = strategy.warmup_bars(values)

    for seed in range(20):
        signals = strategy.generate_signals(random_candles(500, seed), values)

        assert not np.any(signals.enter_long[:warmup])
        assert not np.any(signals.enter_short[:warmup])
