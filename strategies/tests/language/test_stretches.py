"""Series with holes: what they cost shows in the data, and is bounded all the same."""

import numpy as np
import pytest

from botforge.errors import InvalidInput
from strategies.indicators import arrays
from strategies.language.functions import FUNCTIONS
from strategies.language.functions.declaring import STRETCH
from strategies.language.functions.registry import Function, Kind
from strategies.language.limits import Limits
from strategies.language.strategy import LanguageStrategy
from strategies.language.sweeping import SweepSignals
from strategies.language.validating import rehearsed, validate
from strategies.tests.candles import HOUR_MS, random_candles
from strategies.tests.functions.drawing import defaults, random_bars

BARS = 900
# What the programs cost without any hole.
FEW = 10
# Defined on two bars of three.
HOLED = "holed = close if bar_index % 3 > 0 else 0 / 0\n"
CODE = f"{HOLED}enter_long = sma(holed, 2) > 0\n"
OF_SERIES = {
    name: function
    for name, function in FUNCTIONS.items()
    if Kind.SERIES in {argument.kind for argument in function.arguments}
}


def _strategy(code: str, stretches: int) -> LanguageStrategy:
    limits = Limits(cost=int(stretches * STRETCH))
    return LanguageStrategy.of(code, limits).on(HOUR_MS)


def _run(code: str, stretches: int) -> None:
    _strategy(code, stretches).generate_signals(random_candles(BARS, seed=1), {})


def test_as_many_stretches_as_the_limit_of_cost_pays_for_are_computed() -> None:
    _run(CODE, BARS // 3)


def test_more_are_refused_with_the_line_and_the_remedy() -> None:
    with pytest.raises(InvalidInput, match=r"Line 2: .* 300 stretches .* nz\(x\)") as e:
        _run(CODE, BARS // 3 - 1)

    assert e.value.errors[0].code == "too_expensive"


def test_every_function_that_begins_again_is_counted() -> None:
    code = f"{HOLED}enter_long = sma(holed, 2) > ema(holed, 2)\n"

    _run(code, 2 * BARS // 3)
    with pytest.raises(InvalidInput):
        _run(code, 2 * BARS // 3 - 1)


def test_stretches_that_are_too_short_for_the_window_cost_nothing() -> None:
    _run(f"{HOLED}enter_long = sma(holed, 3) > 0\n", FEW)


def test_what_is_defined_from_some_bar_on_is_one_stretch() -> None:
    _run("enter_long = sma(ema(close, 50), 50) > 0\n", FEW)


def test_plots_and_sweeps_are_bounded_too() -> None:
    strategy, candles = _strategy(CODE, 10), random_candles(BARS, seed=1)

    with pytest.raises(InvalidInput):
        strategy.decide(candles, {})
    with pytest.raises(InvalidInput):
        SweepSignals(strategy.program, strategy.frames(candles)).signals({})


def test_a_program_with_many_holes_is_not_tried_while_somebody_waits() -> None:
    lines = "".join(f"x{i} = sma(holed * {i}, 2)\n" for i in range(100))
    total = " + ".join(f"x{i}" for i in range(100))

    found = validate(f"{HOLED}{lines}enter_long = {total} > 0", {})

    assert rehearsed(found) is None
    assert rehearsed(validate(CODE, {})) is not None


@pytest.mark.parametrize("function", OF_SERIES.values(), ids=OF_SERIES)
def test_a_function_begins_again_where_it_says_so(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    shortest: list[int] = []
    runs = arrays._runs

    def spy(defined: arrays.Bools, least: int) -> object:
        if not defined.all():
            shortest.append(least)
        return runs(defined, least)

    monkeypatch.setattr(arrays, "_runs", spy)
    bars = random_bars(300, np.random.default_rng(1))
    holed = np.where(np.arange(300) % 7, bars.close, np.nan)
    given = {Kind.SERIES: holed, Kind.CONDITION: holed > 50}
    constants = defaults(function)
    pairs = zip(function.arguments, constants, strict=True)

    function.compute(bars, *(given.get(a.kind, constant) for a, constant in pairs))

    assert bool(shortest) is (function.cost_per_stretch > 0)
    if shortest:
        # What is counted is what is computed.
        assert shortest[0] == function.warmup(*constants) + 1
