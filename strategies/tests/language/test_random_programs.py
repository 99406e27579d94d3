"""Any program: the interpreter against a slow one, causality, warm-up, sweeps."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketdata.ohlcv import Ohlcv
from strategies.base import Signals
from strategies.language.compiling import compile_program
from strategies.language.graph import Op
from strategies.language.limits import DEFAULT_LIMITS
from strategies.language.program import Program
from strategies.language.strategy import LanguageStrategy
from strategies.tests.candles import HOUR_MS, random_candles
from strategies.tests.language.programs import FUNCTIONS, programs
from strategies.tests.language.rows import Interpreter, candles_of

BARS = 80
VALUES = st.fixed_dictionaries(
    {"n": st.integers(1, 8), "k": st.floats(-10, 10), "flag": st.booleans()}
)
SLOW = settings(max_examples=2_000, deadline=None)
QUICK = settings(max_examples=60, deadline=None)


def _compiled(code: str) -> Program:
    return compile_program(code, DEFAULT_LIMITS, FUNCTIONS)


def _candles(seed: int) -> Ohlcv:
    """Return hourly candles with gaps that do not begin at midnight."""
    candles = random_candles(BARS, seed)
    rng = np.random.default_rng(seed)
    kept = rng.random(BARS) > 0.1
    kept[:2] = True
    time, *columns = (column[kept] for column in candles)
    return Ohlcv(time + int(rng.integers(24)) * HOUR_MS, *columns)


def _same(a: Signals, b: Signals) -> None:
    for field in fields(Signals):
        np.testing.assert_array_equal(getattr(a, field.name), getattr(b, field.name))


def _agrees_row_by_row(code: str, values: dict[str, float], seed: int) -> None:
    program, candles = _compiled(code), _candles(seed)
    slow = Interpreter(program, values, HOUR_MS)

    signals = LanguageStrategy(program, HOUR_MS).generate_signals(candles, values)

    for name, root in program.outputs.items():
        expected = np.array(slow.run(root, candles_of(candles)), dtype=float)
        found = np.asarray(getattr(signals, name), dtype=float)
        np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=name)


def _is_causal(code: str, values: dict[str, float], seed: int, bars: int) -> None:
    strategy, candles = LanguageStrategy(_compiled(code), HOUR_MS), _candles(seed)
    bars = min(bars, len(candles))

    whole = strategy.generate_signals(candles, values)
    part = strategy.generate_signals(candles.slice(0, bars), values)

    _same(part, whole.slice(0, bars))


@QUICK
@given(programs(), VALUES, st.integers(0, 2**32))
def test_the_interpreter_agrees_with_the_slow_one(
    code: str, values: dict[str, float], seed: int
) -> None:
    _agrees_row_by_row(code, values, seed)


@pytest.mark.slow
@SLOW
@given(programs(), VALUES, st.integers(0, 2**32))
def test_the_interpreter_agrees_with_the_slow_one_at_length(
    code: str, values: dict[str, float], seed: int
) -> None:
    _agrees_row_by_row(code, values, seed)


@QUICK
@given(programs(), VALUES, st.integers(0, 2**32), st.integers(0, BARS))
def test_the_signals_of_a_prefix_are_the_prefix_of_the_signals(
    code: str, values: dict[str, float], seed: int, bars: int
) -> None:
    _is_causal(code, values, seed, bars)


@pytest.mark.slow
@SLOW
@given(programs(), VALUES, st.integers(0, 2**32), st.integers(0, BARS))
def test_the_signals_of_a_prefix_are_the_prefix_of_the_signals_at_length(
    code: str, values: dict[str, float], seed: int, bars: int
) -> None:
    _is_causal(code, values, seed, bars)


@QUICK
@given(programs(), VALUES, st.integers(0, 2**32), st.integers(0, BARS - 1))
def test_a_future_that_is_different_changes_nothing(
    code: str, values: dict[str, float], seed: int, bars: int
) -> None:
    strategy, candles = LanguageStrategy(_compiled(code), HOUR_MS), _candles(seed)
    bars = min(bars, len(candles))
    time, *columns = candles
    other = [np.concatenate((c[:bars], c[bars:] * 3 + 1)) for c in columns]

    one = strategy.generate_signals(candles, values)
    two = strategy.generate_signals(Ohlcv(time, *other), values)

    _same(one.slice(0, bars), two.slice(0, bars))


@QUICK
@given(programs(), st.lists(VALUES, min_size=1, max_size=8), st.integers(0, 2**32))
def test_a_sweep_gives_the_signals_of_single_runs(
    code: str, combinations: list[dict[str, float]], seed: int
) -> None:
    strategy, candles = LanguageStrategy(_compiled(code), HOUR_MS), _candles(seed)
    sweep = strategy.sweep(candles)

    for values in combinations:
        _same(sweep.signals(values), strategy.generate_signals(candles, values))


@QUICK
@given(programs(), VALUES)
def test_the_warm_up_is_enough_where_nothing_else_is_undefined(
    code: str, values: dict[str, float]
) -> None:
    program = _compiled(code)
    graph = program.graph
    undefined = {Op.DIVIDE, Op.FLOOR_DIVIDE, Op.MODULO, Op.POWER, Op.CHOOSE}
    used = {graph.nodes[i].op for i in graph.reachable(program.roots)}
    if used & undefined:
        return
    strategy = LanguageStrategy(program, HOUR_MS)
    warmup = strategy.warmup_bars(values)
    candles = random_candles(warmup + 50, 1)

    stop = strategy.generate_signals(candles, values).stop_loss

    assert stop is not None
    large = np.abs(np.nan_to_num(stop, nan=np.inf)) > 1e290
    defined = np.isfinite(stop) | large
    if "1e300" not in code:
        assert defined[warmup:].all()
