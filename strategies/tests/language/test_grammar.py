import numpy as np
import pytest

from strategies.language.compiling import compile_program
from strategies.language.strategy import LanguageStrategy
from strategies.tests.candles import HOUR_MS, random_candles
from strategies.tests.language.checking import ORDER, codes, problems, shown, value_of

EXAMPLE = '''"""Trend following: moving-average cross with an ATR stop."""
fast = param("fast", 20, min=2, max=200)
slow = param("slow", 100, min=5, max=400)
stop = param("stop_atr", 3.0, min=0.5, max=10, step=0.5)

fast_ma = ema(close, fast)
slow_ma = ema(close, slow)
trend = htf("1d", close > sma(close, 50))

enter_long = crossover(fast_ma, slow_ma) and trend
exit_long = crossunder(fast_ma, slow_ma)
stop_loss = stop * atr(14)

plot("fast", fast_ma)
plot("slow", slow_ma)
'''


def test_the_example_of_the_design_gives_signals() -> None:
    strategy = LanguageStrategy.of(EXAMPLE).on(HOUR_MS)
    candles = random_candles(20_000, seed=1)

    values = strategy.resolve({"fast": 10})
    signals = strategy.generate_signals(candles, values)

    assert values == {"fast": 10, "slow": 100, "stop_atr": 3.0}
    assert 0 < signals.enter_long.sum() <= signals.exit_long.sum()
    assert not signals.enter_short.any()
    assert signals.stop_loss is not None
    assert np.isfinite(signals.stop_loss[14:]).all()
    assert set(shown(strategy, candles, values)) == {"fast", "slow"}


def test_a_program_knows_what_it_is_made_of() -> None:
    program = compile_program(EXAMPLE)

    assert program.documentation.startswith("Trend following")
    assert program.functions == ("atr", "crossover", "crossunder", "ema", "htf", "sma")
    assert list(program.outputs) == ["enter_long", "exit_long", "stop_loss"]
    assert [p.name for p in program.parameters] == ["fast", "slow", "stop_atr"]


def test_equal_expressions_are_one_node() -> None:
    once = compile_program("enter_long = (close + open) * 2 > 5")
    twice = compile_program(
        "enter_long = (close + open) * 2 > 5\nexit_long = (close + open) * 2 > 5"
    )

    assert len(twice.graph) == len(once.graph)


def test_every_node_knows_the_parameters_it_depends_on() -> None:
    program = compile_program(EXAMPLE)
    depends = {
        name: set(program.graph.parameters[node])
        for name, node in program.outputs.items()
    }

    assert depends == {
        "enter_long": {"fast", "slow"},
        "exit_long": {"fast", "slow"},
        "stop_loss": {"stop_atr"},
    }


def test_a_sum_of_five_hundred_terms_is_a_program() -> None:
    terms = " + ".join(["close"] * 500)

    assert value_of(terms).tolist() == [500.0 * n for n in range(1, 9)]


def test_a_chain_of_names_can_be_as_long_as_the_program() -> None:
    lines = [f"x{n} = x{n - 1} + 1" for n in range(1, 400)]

    values = value_of("x399", before="\n".join(["x0 = close", *lines]))

    assert values[0] == 400


def test_names_are_bound_once() -> None:
    assert codes(f"{ORDER}a = 1\na = 2") == ["bound_twice"]
    assert codes(f"{ORDER}close = 1") == ["builtin_name"]
    assert codes(f"{ORDER}ema = close") == ["builtin_name"]
    assert codes(f"{ORDER}_a = 1") == ["bad_name"]


def test_a_program_that_decides_nothing_is_none() -> None:
    assert codes("") == ["no_orders"]
    assert codes("stop_loss = close") == ["no_orders"]


@pytest.mark.parametrize("line", ["stop_los = close", "exit_lnog = close < open"])
def test_a_misspelt_output_is_noticed(line: str) -> None:
    (problem,) = problems(ORDER + line)

    assert problem.code == "misspelt_output"
    assert problem.suggestion in ("stop_loss", "exit_long")


def test_a_name_that_is_used_may_look_like_an_output() -> None:
    compile_program("sizes = close * 2\nenter_long = sizes > 1")


def test_an_output_that_is_not_wanted_is_left_out() -> None:
    compile_program(f"{ORDER}_, _, a = macd(close, 12, 26, 9)\n_, b = dmi(14)")

    assert codes(f"{ORDER}_ = close") == ["bad_name"]
    assert codes(f"{ORDER}_, a = dmi(14)\nb = _") == ["unknown_name"]
    assert codes(f"{ORDER}_, a = bb(close, 20, 2)") == ["wrong_number_of_names"]


def test_a_starred_argument_is_one_problem() -> None:
    assert codes(f"{ORDER}a = sma(*close)") == ["starred"]
    assert codes(f"{ORDER}a = sma(close, *close, length=3)") == ["starred"]


def test_functions_of_several_outputs_are_unpacked() -> None:
    compile_program(f"{ORDER}a, b, c = macd(close, 12, 26, 9)")

    assert codes(f"{ORDER}a, b = macd(close, 12, 26, 9)") == ["wrong_number_of_names"]
    assert codes(f"{ORDER}a = macd(close, 12, 26, 9)") == ["several_outputs"]
    assert codes(f"{ORDER}a = macd(close, 12, 26, 9) + 1") == ["several_outputs"]
    assert codes(f"{ORDER}a, b = close") == ["wrong_number_of_names"]


def test_plots_have_names_of_their_own() -> None:
    plots = "".join(f'plot("{n}", close)\n' for n in range(21))

    assert codes(f'{ORDER}plot("a", close)\nplot("a", open)') == ["bad_plot"]
    assert codes(f"{ORDER}plot(close, close)") == ["bad_plot"]
    assert codes(f'{ORDER}plot("""a\nb""", close)') == ["bad_plot"]
    assert codes(f"{ORDER}plot(close)") == ["missing_argument"]
    assert codes(f'{ORDER}x = plot("a", close)') == ["plot_in_expression"]
    assert codes(ORDER + plots) == ["too_many_plots"]


def test_a_line_without_effect_is_noticed() -> None:
    assert codes(f"{ORDER}close + 1") == ["no_effect"]
    assert codes(f'{ORDER}"a text"') == ["no_effect"]
