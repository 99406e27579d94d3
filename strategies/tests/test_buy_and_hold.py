from strategies.library.registry import library_strategy
from strategies.tests.candles import random_candles


def test_it_is_always_in_the_market() -> None:
    strategy = library_strategy("buy_and_hold")

    signals = strategy.generate_signals(random_candles(10, seed=1), {})

    assert signals.enter_long.all()
    assert not signals.exit_long.any()
    assert not signals.enter_short.any()
