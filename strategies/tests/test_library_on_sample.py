"""The built-in strategies on six years of real candles."""

import numpy as np
import pytest

from botforge.errors import InvalidInput
from strategies.base import BaseStrategy, Parameter, Signals, Value
from strategies.library.registry import LIBRARY
from strategies.tests.candles import HOUR_MS, sample_candles

STRATEGIES = {slug: strategy.on(HOUR_MS) for slug, strategy in LIBRARY.items()}


def _signals(strategy: BaseStrategy) -> Signals:
    return strategy.generate_signals(sample_candles(), strategy.resolve({}))


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_a_strategy_enters_and_none_does_all_the_time(strategy: BaseStrategy) -> None:
    signals = _signals(strategy)

    assert signals.enter_long.any()
    if strategy.slug != "buy_and_hold":
        assert signals.enter_short.any()
        assert signals.exit_long.any()
        assert signals.exit_short.any()
        assert signals.enter_long.mean() < 0.1


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_a_strategy_never_contradicts_itself(strategy: BaseStrategy) -> None:
    signals = _signals(strategy)

    assert not (signals.enter_long & signals.exit_long).any()
    assert not (signals.enter_short & signals.exit_short).any()
    assert not (signals.enter_long & signals.enter_short).any()


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_every_entry_has_its_stop_and_its_size(strategy: BaseStrategy) -> None:
    signals = _signals(strategy)
    entries = signals.enter_long | signals.enter_short

    for distances in (signals.stop_loss, signals.take_profit, signals.size):
        if distances is not None:
            assert (distances[entries] > 0).all()
            assert np.isfinite(distances[entries]).all()


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_no_entry_goes_without_its_stop_however_short_the_windows(
    strategy: BaseStrategy,
) -> None:
    values = {p.name: _least(p) for p in strategy.parameters}

    for start in range(0, 5_000, 50):
        candles = sample_candles().slice(start, start + 100)
        signals = strategy.generate_signals(candles, values)
        if signals.stop_loss is not None:
            entries = signals.enter_long | signals.enter_short
            assert (signals.stop_loss[entries] > 0).all()


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
def test_the_shortest_window_that_is_allowed_still_enters(
    strategy: BaseStrategy,
) -> None:
    for parameter in strategy.parameters:
        if parameter.type != "int":
            continue
        values = strategy.resolve({}) | {parameter.name: _least(parameter)}
        try:
            strategy.resolve(values)
        except InvalidInput:  # it asks for more of the others
            continue
        signals = strategy.generate_signals(sample_candles(), values)

        assert (signals.enter_long | signals.enter_short).any(), parameter.name


def _least(parameter: Parameter) -> Value:
    if isinstance(parameter.default, str):
        return parameter.default
    assert parameter.minimum is not None
    return type(parameter.default)(parameter.minimum)
