"""What is allowed and may all the same not be meant."""

import pytest

from strategies.language.compiling import compile_program
from strategies.language.strategy import LanguageStrategy
from strategies.library.registry import LIBRARY
from strategies.tests.language.checking import ORDER

ENDED = f"{ORDER}exit_long = close < open\n"


def _warnings(code: str) -> list[tuple[int, int, str]]:
    warnings = compile_program(code).warnings
    return [(w.line, w.column, w.code) for w in warnings]


def test_a_name_that_nothing_uses_is_told() -> None:
    assert _warnings(f"{ENDED}mean = sma(close, 20)") == [(3, 1, "unused_name")]
    assert _warnings(f"{ENDED}n = param('n', 3)") == [(3, 1, "unused_name")]


def test_a_name_that_is_used_or_shown_is_not() -> None:
    assert _warnings(f"{ENDED}mean = sma(close, 20)\nplot('mean', mean)") == []
    assert _warnings("up = close > open\nenter_long = up\nexit_long = not up") == []


def test_an_output_that_nothing_uses_is_told_by_its_name() -> None:
    code = "line, way = supertrend(3, 10)\nenter_long = line > 0\nexit_long = line < 0"

    (warning,) = compile_program(code).warnings

    assert (warning.line, warning.column, warning.code) == (1, 7, "unused_output")
    assert "way, which is the direction of supertrend" in warning.message


def test_an_output_that_is_left_out_is_not_told() -> None:
    assert _warnings(f"{ENDED}_, way = supertrend(3, 10)\nplot('way', way)") == []


def test_a_misspelt_output_that_is_shown_is_told() -> None:
    code = f"{ENDED}stop_los = 2 * atr(14)\n"
    plots = "plot('stop', stop_los)\nplot('twice', stop_los)\n"

    assert _warnings(code + plots) == [(3, 1, "misspelt_output")]
    assert _warnings(f"{code}{plots}stop_loss = stop_los") == []
    assert _warnings(f"{code}stop_loss = 2 * stop_los\n{plots}") == []


@pytest.mark.parametrize(
    "end",
    [
        "exit_long = close < open",
        "enter_short = close < open\nexit_short = close > open",
        "stop_loss = atr(14)",
        "take_profit = atr(14)",
        "trailing_stop = atr(14)",
    ],
)
def test_a_position_needs_something_that_ends_it(end: str) -> None:
    assert _warnings(ORDER) == [(1, 1, "no_exit")]
    assert "no_exit" not in [code for *_, code in _warnings(f"{ORDER}{end}")]


def test_an_end_that_never_comes_ends_nothing() -> None:
    assert _warnings(f"{ORDER}exit_long = False") == [(1, 1, "no_exit")]


def test_what_never_enters_is_told() -> None:
    assert _warnings("exit_long = close < open") == [(1, 1, "no_entry")]
    assert _warnings("enter_long = False") == [(1, 1, "no_entry")]


def test_at_most_twenty_are_told_in_the_order_of_the_text() -> None:
    lines = "".join(f"x{i} = close\n" for i in range(30))

    warnings = _warnings(f"{lines}{ENDED}")

    assert len(warnings) == 20
    assert warnings == sorted(warnings)


TEMPLATES = [s for s in LIBRARY.values() if isinstance(s, LanguageStrategy)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.slug)
def test_a_template_that_is_copied_brings_no_warning(
    template: LanguageStrategy,
) -> None:
    assert template.program.warnings == ()
