"""Every built-in strategy is blind to the future."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.base import BaseStrategy, Parameter, Signals, Value
from strategies.library.registry import LIBRARY
from strategies.tests.candles import HOUR_MS, later, random_candles

BARS = 300
STRATEGIES = {slug: strategy.on(HOUR_MS) for slug, strategy in LIBRARY.items()}


def _values(parameter: Parameter) -> st.SearchStrategy[Value]:
    """Return values short enough for the strategy to act within ``BARS``."""
    if parameter.choices is not None:
        return st.sampled_from(parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    assert low is not None
    assert high is not None
    if parameter.type == "int":
        return st.integers(int(low), max(int(low), min(int(high), BARS // 4)))
    return st.floats(low, high)


def _prefix(signals: Signals, bars: int) -> dict[str, bytes]:
    arrays = {field.name: getattr(signals, field.name) for field in fields(signals)}
    return {
        name: np.where(np.isnan(array), np.nan, array)[:bars].tobytes()
        for name, array in arrays.items()
        if array is not None
    }


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
@settings(max_examples=50, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32), bars=st.integers(0, BARS))
def test_the_signals_of_a_prefix_are_the_prefix_of_the_signals(
    strategy: BaseStrategy, data: st.DataObject, seed: int, bars: int
) -> None:
    drawn = {p.name: data.draw(_values(p), label=p.name) for p in strategy.parameters}
    candles = later(random_candles(BARS, seed), seed % 24)

    whole = strategy.generate_signals(candles, drawn)
    part = strategy.generate_signals(candles.slice(0, bars), drawn)

    assert _prefix(part, bars) == _prefix(whole, bars)


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_nothing_is_entered_before_the_warmup_is_over(strategy: BaseStrategy) -> None:
    values = strategy.resolve({})
    warmup = strategy.warmup_bars(values)

    for seed in range(20):
        # From one o'clock on a Monday: the first day and week are incomplete, which
        # is what the warm-up has to reckon with.
        candles = later(random_candles(500, seed), 4 * 24 + 1)
        signals = strategy.generate_signals(candles, values)

        assert not np.any(signals.enter_long[:warmup])
        assert not np.any(signals.enter_short[:warmup])
