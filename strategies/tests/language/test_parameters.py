import pytest

from botforge.errors import InvalidInput
from strategies.base import Parameter
from strategies.language.compiling import compile_program
from strategies.language.strategy import LanguageStrategy
from strategies.tests.language.checking import ORDER, codes, value_of


def _declared(declaration: str) -> Parameter:
    (parameter,) = compile_program(f"{ORDER}x = {declaration}").parameters
    return parameter


def test_a_declaration_says_all_of_a_parameter() -> None:
    declaration = 'param("n", 20, min=2, max=200, step=2, description="Bars.")'

    assert _declared(declaration) == Parameter(
        "n", 20, minimum=2, maximum=200, step=2, description="Bars."
    )
    assert _declared('param("k", "a", choices=("a", "b"))').choices == ("a", "b")
    assert _declared('param("k", "a", choices=["a", "b"])').choices == ("a", "b")


@pytest.mark.parametrize(
    ("default", "kind"),
    [("1", "int"), ("-1", "int"), ("1.0", "float"), ("True", "bool"), ("'a'", "str")],
)
def test_the_type_is_that_of_the_default(default: str, kind: str) -> None:
    assert _declared(f"param('a', {default})").type == kind


def test_a_whole_default_between_fractions_is_a_float() -> None:
    parameter = _declared("param('stop', 3, min=0.5, max=10, step=0.5)")

    assert (parameter.type, parameter.default) == ("float", 3.0)


@pytest.mark.parametrize(
    "declaration",
    [
        "param('a', 5, min=6)",
        "param('a', 5, max=4)",
        "param('a', 5, min=7, max=3)",
        "param('a', 5, step=0)",
        "param('a', 5, choices=(1, 2))",
        "param('a', 5, choices=(5, 'x'))",
        "param('a', 'x', min=1)",
        "param('a', True, step=1)",
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(declaration: str) -> None:
    assert codes(f"{ORDER}x = {declaration}") == ["bad_parameter"]


@pytest.mark.parametrize(
    ("declaration", "code"),
    [
        ("param('a')", "missing_argument"),
        ("param()", "missing_argument"),
        ("param(a, 1)", "bad_name"),
        ("param('a b', 1)", "bad_name"),
        ("param('_a', 1)", "bad_name"),
        ("param('a', 1 + 1)", "not_literal"),
        ("param('a', close)", "not_literal"),
        ("param('a', 1, min=close)", "not_literal"),
        ("param('a', 1, min='x')", "not_literal"),
        ("param('a', 1, choices=1)", "not_literal"),
        ("param('a', 1, choices=())", "not_literal"),
        ("param('a', 1, maximum=3)", "unknown_argument"),
    ],
)
def test_a_declaration_is_written_out(declaration: str, code: str) -> None:
    assert codes(f"{ORDER}x = {declaration}") == [code]


def test_a_parameter_is_declared_once() -> None:
    code = f"{ORDER}x = param('a', 1)\ny = param('a', 2)"

    assert codes(code) == ["repeated_parameter"]


def test_there_are_at_most_fifty() -> None:
    lines = "\n".join(f"x{i} = param('p{i}', 1)" for i in range(51))

    assert codes(ORDER + lines) == ["too_many_parameters"]


def test_a_flag_chooses_a_branch_and_with_it_the_warm_up() -> None:
    strategy = LanguageStrategy.of(
        "long = param('long', True)\n"
        "enter_long = close > (sma(close, 50) if long else sma(close, 10))"
    )

    assert strategy.warmup_bars({"long": True}) == 49
    assert strategy.warmup_bars({"long": False}) == 9


def test_a_text_chooses_between_expressions() -> None:
    before = "kind = param('kind', 'ema', choices=('ema', 'sma'))"
    expression = "ema(close, 3) if kind == 'ema' else sma(close, 3)"

    chosen = value_of(expression, parameters={}, before=before)

    assert chosen.tolist()[2:] == value_of("ema(close, 3)").tolist()[2:]


def test_whole_numbers_can_be_computed_from_parameters() -> None:
    before = "n = param('n', 2)"

    assert value_of("close[n * 2 - 1]", before=before)[3] == 1
    assert codes(f"{ORDER}{before}\nx = sma(close, n / 2)") == ["wrong_type"]
    assert codes(f"{ORDER}{before}\nx = sma(close, n * 1.5)") == ["wrong_type"]


def test_a_window_is_checked_with_its_value() -> None:
    strategy = LanguageStrategy.of(
        "n = param('n', 20)\nenter_long = close > sma(close, n * 100)"
    )

    with pytest.raises(InvalidInput) as caught:
        strategy.resolve({"n": 51})

    (error,) = caught.value.errors
    assert error.pointer == "/parameters/n"
    assert error.detail.startswith("Line 2: length of sma must be a whole number")
    assert strategy.resolve({"n": 50}) == {"n": 50}


def test_the_names_of_the_parameters_are_the_callers_too() -> None:
    strategy = LanguageStrategy.of(f"{ORDER}x = param('a', 1, max=5)")

    with pytest.raises(InvalidInput) as caught:
        strategy.resolve({"a": 6, "b": 1})

    assert [e.pointer for e in caught.value.errors] == [
        "/parameters/b",
        "/parameters/a",
    ]
