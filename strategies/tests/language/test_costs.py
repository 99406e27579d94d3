import numpy as np
import pytest

from botforge.errors import InvalidInput
from strategies.language.compiling import compile_program
from strategies.language.costs import cost_of
from strategies.language.limits import Limits
from strategies.language.strategy import LanguageStrategy
from strategies.language.sweeping import SweepSignals
from strategies.language.timeframes import Frames
from strategies.tests.candles import HOUR_MS, random_candles

# Every line is needed at the end: nothing can be freed.
HOARD = "".join(f"x{i} = close * {i + 2}\n" for i in range(40))
HOARD += f"enter_long = {' + '.join(f'x{i}' for i in range(40))} > 0\n"
STREAM = "x0 = close * 2\n" + "".join(f"x{i + 1} = x{i} * 2\n" for i in range(40))
STREAM += "enter_long = x40 > 0\n"


def test_the_cost_is_that_of_what_the_outputs_need() -> None:
    lean = compile_program("enter_long = close + 1 > 2")
    idle = compile_program("enter_long = close + 1 > 2\nx = median(close, 5000)")

    assert cost_of(lean, HOUR_MS).additions_per_bar == 2
    assert cost_of(idle, HOUR_MS) == cost_of(lean, HOUR_MS)


def test_higher_bars_cost_less_because_there_are_fewer() -> None:
    base = compile_program("enter_long = close > median(close, 9)")
    daily = compile_program('enter_long = close > htf("1d", median(close, 9))')

    hourly_cost, daily_cost = (cost_of(p, HOUR_MS) for p in (base, daily))

    assert daily_cost.additions_per_bar < hourly_cost.additions_per_bar


def test_a_timeframe_costs_its_bars_and_what_finds_them_again() -> None:
    lean = compile_program("enter_long = close > open")
    higher = compile_program('enter_long = htf("1d", close > open)')

    more = [
        getattr(cost_of(higher, HOUR_MS), name) - getattr(cost_of(lean, HOUR_MS), name)
        for name in ("additions_per_bar", "bytes_per_bar")
    ]

    # Per hour a place among the days, and the twenty-fourth part of a day's bar.
    assert more[0] > 10
    assert more[1] > 8


@pytest.mark.parametrize(
    ("window", "bars"),
    [
        ("200", 200),
        ("param('n', 200)", 5_000),
        ("param('n', 200, max=300)", 300),
        ("param('n', 200, choices=(100, 200))", 200),
        ("2 * param('n', 200, max=300)", 5_000),
        ("param('n', 200, max=9000)", 5_000),
    ],
)
def test_a_window_costs_what_its_longest_does(window: str, bars: int) -> None:
    given, plain = (
        cost_of(compile_program(f"enter_long = close > median(close, {w})"), HOUR_MS)
        for w in (window, bars)
    )

    assert given.additions_per_bar == plain.additions_per_bar


def test_with_the_values_of_a_run_a_window_costs_what_it_does() -> None:
    code = "n = param('n', 20)\nenter_long = close > median(close, 2 * n)"
    program = compile_program(code)

    given = cost_of(program, HOUR_MS, {"n": 50}).additions_per_bar
    plain = cost_of(
        compile_program("enter_long = close > median(close, 100)"), HOUR_MS
    ).additions_per_bar

    assert given == plain
    strategy = LanguageStrategy(program, HOUR_MS)
    assert strategy.check_run(20_000_000, {"n": 20}) == ()
    assert strategy.check_run(50_000_000) != ()


def test_a_window_is_no_longer_than_its_function_allows() -> None:
    loose, most = (
        cost_of(compile_program(f"{n}enter_long = cci({w}) > 0"), HOUR_MS)
        for n, w in (("n = param('n', 9)\n", "2 * n"), ("", "500"))
    )

    assert loose.additions_per_bar == most.additions_per_bar


def test_short_windows_are_not_paid_like_long_ones() -> None:
    short, long = (
        cost_of(compile_program(f"enter_long = close > alma(close, {w})"), HOUR_MS)
        for w in (9, 500)
    )

    assert long.additions_per_bar > 20 * short.additions_per_bar


def test_memory_is_what_is_alive_at_once() -> None:
    hoard, stream = (cost_of(compile_program(c), HOUR_MS) for c in (HOARD, STREAM))

    assert hoard.bytes_per_bar > 40 * 8
    assert stream.bytes_per_bar < 10 * 8


@pytest.mark.parametrize(
    ("limits", "code", "wrong"),
    [
        (Limits(cost=1000), STREAM, "too_expensive"),
        (Limits(memory_bytes=20_000), HOARD, "too_much_memory"),
    ],
)
def test_a_run_beyond_the_quota_names_the_line_to_blame(
    limits: Limits, code: str, wrong: str
) -> None:
    strategy = LanguageStrategy(compile_program(code, limits), HOUR_MS)

    assert strategy.check_run(10) == ()
    (error,) = strategy.check_run(100)
    assert error.code == wrong
    assert "line" in error.detail
    with pytest.raises(InvalidInput, match="costs most"):
        strategy.generate_signals(random_candles(100, seed=1), {})


def test_the_default_quota_lets_a_large_strategy_over_ten_years_of_minutes() -> None:
    lines = "".join(f"x{i} = ema(close, {i + 2}) / atr({i + 2})\n" for i in range(50))
    strategy = LanguageStrategy.of(f"{lines}enter_long = x1 > x49\n")

    assert strategy.check_run(5_256_000) == ()


CROSS = """fast = param("fast", 5)
slow = param("slow", 20)
stop = param("stop", 2.0)
enter_long = crossover(ema(close, fast), ema(close, slow))
stop_loss = stop * atr(14)
"""


def test_a_sweep_remembers_what_other_combinations_share() -> None:
    program = compile_program(CROSS)
    sweep = SweepSignals(program, Frames(random_candles(200, seed=1), HOUR_MS))
    graph = program.graph

    shared = {
        graph.nodes[i].function.name: names  # type: ignore[union-attr] # it is a call
        for i, names in sweep._kept.shared.items()
        if graph.nodes[i].function is not None and "crossover" not in names
    }

    assert shared["atr"] == ()
    assert shared["ema"] in (("fast",), ("slow",))


def test_a_sweep_with_little_memory_is_slower_and_no_different() -> None:
    program = compile_program(CROSS)
    frames = Frames(random_candles(200, seed=1), HOUR_MS)
    rich, poor = SweepSignals(program, frames), SweepSignals(program, frames, 1)

    for fast in (3, 5, 3):
        for slow in (10, 20):
            values = {"fast": fast, "slow": slow, "stop": 1.5}
            a, b = rich.signals(values), poor.signals(values)
            np.testing.assert_array_equal(a.enter_long, b.enter_long)
            np.testing.assert_array_equal(a.stop_loss, b.stop_loss)
