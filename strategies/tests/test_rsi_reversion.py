import numpy as np
import pytest

from botforge.errors import InvalidInput
from strategies.library.registry import library_strategy
from strategies.tests.candles import candles_of, random_candles

RSI_REVERSION = library_strategy("rsi_reversion")


def test_it_buys_the_recovery_and_sells_at_the_exit_level() -> None:
    # 2-bar index: 0 at bar 2; gain 1 against loss (1+1)/2 halved gives 100*.5/1 = 50
    # at bar 3, of which 40 and 60 are on either side.
    candles = candles_of([10, 9, 8, 9, 12])

    values = RSI_REVERSION.resolve(
        {"period": 2, "oversold": 40, "exit_level": 60, "overbought": 99}
    )
    signals = RSI_REVERSION.generate_signals(candles, values)

    assert np.flatnonzero(signals.enter_long).tolist() == [3]
    assert np.flatnonzero(signals.exit_long).tolist() == [4]


def test_it_never_enters_and_leaves_on_one_bar() -> None:
    values = RSI_REVERSION.resolve({"period": 2})

    for seed in range(20):
        signals = RSI_REVERSION.generate_signals(random_candles(500, seed), values)

        assert signals.enter_long.any()
        assert signals.enter_short.any()
        assert not (signals.enter_long & signals.exit_long).any()
        assert not (signals.enter_short & signals.exit_short).any()


def test_the_levels_must_be_in_order() -> None:
    with pytest.raises(InvalidInput) as refused:
        RSI_REVERSION.resolve({"oversold": 60, "overbought": 40})

    assert [e.pointer for e in refused.value.errors] == [
        "/parameters/oversold",
        "/parameters/exit_level",
    ]


def test_a_flat_market_is_left_alone() -> None:
    values = RSI_REVERSION.resolve({})
    signals = RSI_REVERSION.generate_signals(candles_of(np.full(100, 50.0)), values)

    assert not signals.enter_long.any()
    assert not signals.enter_short.any()
