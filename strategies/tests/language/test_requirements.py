"""require(): what must hold between parameters."""

import pytest

from botforge.errors import InvalidInput
from strategies.language.strategy import LanguageStrategy
from strategies.library.registry import LIBRARY
from strategies.tests.language.checking import ORDER, codes, problems

LENGTHS = 'fast = param("fast", 20)\nslow = param("slow", 50)\n'
CODE = f"{ORDER}{LENGTHS}require(\n    fast <\n    slow\n)\n"


def _refused(code: str, **values: float) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidInput) as caught:
        LanguageStrategy.of(code).resolve(values)
    return [(e.pointer, e.code, e.detail) for e in caught.value.errors]


def test_values_that_meet_it_are_taken() -> None:
    strategy = LanguageStrategy.of(CODE)

    assert strategy.resolve({"fast": 49}) == {"fast": 49, "slow": 50}


def test_values_that_break_it_are_named_with_the_line() -> None:
    assert _refused(CODE, fast=50) == [
        (
            "/parameters/fast",
            "requirement_not_met",
            "Line 5 requires fast < slow; fast is 50 and slow is 50.",
        )
    ]


def test_defaults_must_meet_it_too() -> None:
    assert len(_refused(f"{ORDER}{LENGTHS}require(slow < fast)")) == 1


def test_every_requirement_that_is_broken_is_told() -> None:
    code = f"{ORDER}{LENGTHS}require(fast < slow)\nrequire(2 * fast < slow)"

    assert len(_refused(code, fast=60)) == 2


def test_it_may_compute_with_several_parameters_and_join_conditions() -> None:
    condition = "0.5 <= fast / slow <= 0.8 or (slow == 50 and not fast > 20)"
    strategy = LanguageStrategy.of(f"{ORDER}{LENGTHS}require({condition})")

    assert strategy.resolve({"fast": 20, "slow": 50})
    assert strategy.resolve({"fast": 21, "slow": 30})
    with pytest.raises(InvalidInput):
        strategy.resolve({"fast": 21, "slow": 50})


def test_a_parameter_that_only_a_requirement_uses_is_used() -> None:
    code = f"{ORDER}exit_long = close < open\n{LENGTHS}require(fast < slow)"

    assert LanguageStrategy.of(code).program.warnings == ()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("require(close > open)", "wrong_type"),
        ("require(close > 3)", "wrong_type"),
        ("require(param('a', 1))", "wrong_type"),
        ("require('a')", "wrong_type"),
        ("require(dmi(14))", "wrong_type"),
        ("require(1 < 2)", "no_parameter"),
        ("require(True)", "no_parameter"),
        ("require()", "missing_argument"),
        ("require(1 < 2, 'why')", "too_many_arguments"),
        ("require(nothing > 1)", "unknown_name"),
        ("x = require(close > open)", "require_in_expression"),
        ("require = 1", "builtin_name"),
    ],
)
def test_it_asks_something_of_parameters_and_stands_alone(
    statement: str, code: str
) -> None:
    assert code in codes(f"{ORDER}{statement}")


def test_a_condition_for_every_bar_is_told_apart() -> None:
    (problem,) = problems(f"{ORDER}require(close > open)")

    assert problem.message.endswith("This has a value for every bar.")


def test_a_statement_that_asserts_is_pointed_to_it() -> None:
    (problem,) = problems(f"{ORDER}{LENGTHS}assert fast < slow")

    assert "require(fast < slow)" in problem.message


@pytest.mark.parametrize("slug", ["ma_cross_trend", "mtf_trend", "macd_adx"])
def test_built_in_averages_do_not_trade_places(slug: str) -> None:
    with pytest.raises(InvalidInput, match="requires fast < slow"):
        LIBRARY[slug].resolve({"fast": 60, "slow": 50})
