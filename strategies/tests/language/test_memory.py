"""The memory that a run needs, beside what was estimated of its text."""

import tracemalloc

import numpy as np
import pytest

from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import CODES, MINUTE_MS
from strategies.language.costs import cost_of
from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Function
from strategies.language.inputs import INPUTS
from strategies.language.strategy import LanguageStrategy
from strategies.library.templates import Template, templates
from strategies.tests.candles import random_candles
from strategies.tests.language.checking import ORDER

BARS = 20_000
# What a run holds whatever its bars, spread over them.
FIXED = 3


def _shown(names: tuple[str, ...]) -> str:
    return "".join(f'plot("{name}", {name})\n' for name in names)


def _in_turn(code: str, parts: int) -> str:
    """Return a line for each number, with the number in it."""
    return "".join(code.format(i=i) for i in range(parts))


PROGRAMS = {
    "inputs as they are": ORDER + _shown(tuple(INPUTS)),
    "single numbers": ORDER + _in_turn('plot("{i}", {i})\n', 20),
    "single values as outputs": "enter_long = True\nstop_loss = 3\nsize = 1\n",
    "single values as series": f'{ORDER}plot("a", where(close > open, 3, 4))\n',
    "all alive at once": _in_turn("x{i} = close * {i}\n", 40)
    + f"enter_long = {' + '.join(f'x{i}' for i in range(40))} > 0\n",
    "one after the other": "x0 = close\n"
    + "".join(f"x{i + 1} = x{i} * 2\n" for i in range(40))
    + "enter_long = x40 > 0\n",
    "conditions as plots": f'{ORDER}plot("up", close > open)\n',
    "a look back": f'{ORDER}plot("a", open[3])\n',
    "a choice": f'{ORDER}plot("a", open if close > open else 3)\n',
    **{
        sign: f'{ORDER}plot("a", close {sign} open)\n'
        for sign in ["+", "/", "//", "%", "**"]
    },
    "every timeframe": "".join(
        f'x{i} = htf("{code}", close)\n' for i, code in enumerate(CODES)
    )
    + f"enter_long = {' and '.join(f'close > x{i}' for i in range(len(CODES)))}\n",
    "a function of minutes": 'enter_long = htf("1m", rsi(close, 14)) > 50\n',
}


def _candles() -> Ohlcv:
    _, *columns = random_candles(BARS, seed=1)
    return Ohlcv(np.arange(BARS) * MINUTE_MS, *columns)


def _assert_estimated(strategy: LanguageStrategy) -> None:
    """Assert that the estimate is enough, and not many times what is needed."""
    strategy, values = strategy.on(MINUTE_MS), strategy.resolve({})
    candles = _candles()
    strategy.decide(candles.slice(0, 3_000), values)  # kernels are loaded once
    tracemalloc.start()
    decisions = strategy.decide(candles, values)
    peak = tracemalloc.get_traced_memory()[1] / len(decisions.signals)
    tracemalloc.stop()

    estimate = cost_of(strategy.program, MINUTE_MS).bytes_per_bar
    assert peak <= estimate + FIXED
    assert estimate <= 3 * peak + 50


@pytest.mark.parametrize("code", PROGRAMS.values(), ids=PROGRAMS)
def test_a_run_needs_no_more_than_was_estimated(code: str) -> None:
    _assert_estimated(LanguageStrategy.of(code))


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_no_function_needs_more_than_was_estimated(function: Function) -> None:
    names = tuple(f"o{i}" for i in range(len(function.outputs)))
    call = function.example.split("= ", 1)[-1]

    code = f"{ORDER}{', '.join(names)} = {call}\n{_shown(names)}"

    _assert_estimated(LanguageStrategy.of(code))


@pytest.mark.parametrize("template", templates(), ids=lambda t: t.slug)
def test_no_built_in_strategy_needs_more_than_was_estimated(template: Template) -> None:
    _assert_estimated(template)
