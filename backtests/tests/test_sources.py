import numpy as np
import pytest

from backtests.engine import Calculated, Crossings, ExecutionConfig, sweep
from backtests.sources import source_of
from backtests.tests.factories import walk
from strategies.base import BaseStrategy
from strategies.language.strategy import LanguageStrategy
from strategies.library.ma_cross import MaCross

HOUR_MS = 3_600_000
LINES = """fast = param("fast", 20)
slow = param("slow", 100)
a = sma(close, fast)
b = sma(close, slow)
"""
LONG = f"{LINES}enter_long = crossover(a, b)\nexit_long = crossover(b, a)\n"
BOTH = f"{LONG}enter_short = crossunder(a, b)\nexit_short = crossunder(b, a)\n"
STOPPED = f"{LONG}stop_loss = 2 * atr(14)\n"
COMBINATIONS = [
    {"fast": fast, "slow": slow, "type": "sma"} for fast in (3, 5) for slow in (8, 20)
]
CANDLES = walk(500)


def _own(code: str) -> LanguageStrategy:
    return LanguageStrategy.of(code).on(HOUR_MS)


@pytest.mark.parametrize(
    ("strategy", "allow_short", "kind"),
    [
        (_own(LONG), False, Crossings),
        (_own(LONG), True, Calculated),
        (_own(BOTH), False, Crossings),
        (_own(BOTH), True, Crossings),
        (_own(STOPPED), False, Calculated),
        (MaCross(), True, Calculated),
    ],
)
def test_every_source_gives_the_numbers_of_single_runs(
    strategy: BaseStrategy, allow_short: bool, kind: type
) -> None:
    config = ExecutionConfig(allow_short=allow_short)

    source = source_of(strategy, CANDLES, COMBINATIONS, config)
    single = Calculated(
        len(COMBINATIONS),
        lambda i: strategy.generate_signals(CANDLES, COMBINATIONS[i]),
    )

    assert isinstance(source, kind)
    rows = sweep(CANDLES, source, config).rows
    assert rows["trades"].min() > 2
    np.testing.assert_array_equal(rows, sweep(CANDLES, single, config).rows)


def test_combinations_share_the_lines_that_both_sides_use() -> None:
    pairs = [{"fast": a, "slow": b} for a, b in ((3, 5), (5, 8), (3, 8))]

    source = source_of(_own(LONG), CANDLES, pairs, ExecutionConfig())

    assert isinstance(source, Crossings)
    assert len(source.lines) == 3  # of 3, 5 and 8 bars


@pytest.mark.parametrize(
    "code",
    [
        f"{LINES}enter_long = crossover(a, b)\n",
        f"{LINES}enter_long = crossover(a, b)\nexit_long = crossover(a, b)\n",
        f"{LINES}enter_long = crossover(a, b) and a > 1\nexit_long = crossover(b, a)\n",
        f"{LONG}size = 0.5\n",
        f"{LONG}enter_short = crossunder(a, b)\n",
    ],
)
def test_what_does_more_or_less_than_cross_is_calculated(code: str) -> None:
    source = source_of(_own(code), CANDLES, COMBINATIONS, ExecutionConfig())

    assert isinstance(source, Calculated)
