from strategies.tests.language.checking import ORDER, codes, problems


def test_every_problem_is_told_at_once_in_the_order_of_the_text() -> None:
    code = """import os
enter_long = clsoe > opne
for i in range(10):
    x = i
y = x + foo(1)
z = close.real
"""

    assert [(p.line, p.column, p.code) for p in problems(code)] == [
        (1, 1, "import"),
        (2, 14, "unknown_name"),
        (2, 22, "unknown_name"),
        (3, 1, "loop"),
        (5, 9, "unknown_function"),
        (6, 5, "attribute"),
    ]


def test_a_place_is_the_stretch_of_the_text() -> None:
    (problem,) = problems(f"{ORDER}x = sma(clsoe, 10)")

    place = problem.line, problem.column, problem.end_line, problem.end_column
    assert place == (2, 9, 2, 14)
    assert problem.suggestion == "close"
    assert "Did you mean `close`?" in problem.message


def test_at_most_twenty_are_told() -> None:
    assert len(problems("\n".join(f"x{n} = foo{n}" for n in range(30)))) == 20


def test_one_mistake_is_told_once() -> None:
    code = f"{ORDER}a = clsoe\nb = a + 1\nc = sma(b, 10)\nstop_loss = c"

    assert codes(code) == ["unknown_name"]


def test_functions_and_arguments_have_near_names() -> None:
    assert problems("enter_long = crosover(close, open)")[0].suggestion == "crossover"
    (problem,) = problems(f"{ORDER}a = ema(close, lenght=3)")
    assert problem.suggestion == "length"


def test_what_is_far_from_every_name_gets_no_suggestion() -> None:
    assert problems(f"{ORDER}a = zzzzzzzzz")[0].suggestion is None


def test_a_name_that_comes_later_is_not_unknown() -> None:
    (problem,) = problems("enter_long = a > 1\na = close")

    assert problem.code == "used_before"
    assert "line 2" in problem.message


def test_a_full_width_name_is_refused_with_the_plain_one() -> None:
    (problem,) = problems("enter_long = \uff43lose > 1")

    assert (problem.code, problem.column, problem.suggestion) == ("not_ascii", 14, "c")


def test_a_syntax_error_has_a_place_and_no_file() -> None:
    (problem,) = problems("enter_long = close >\n")

    assert problem.code == "syntax_error"
    assert (problem.line, problem.column) == (1, 21)
    assert "<unknown>" not in problem.message


def test_line_ends_of_any_system_count_once() -> None:
    (problem,) = problems("a = 1\r\nb = 2\rc = foo\nenter_long = close > 1")

    assert (problem.line, problem.column) == (3, 5)


def test_arguments_are_checked_by_name_number_and_range() -> None:
    assert codes(f"{ORDER}a = ema(close)") == ["missing_argument"]
    assert codes(f"{ORDER}a = ema(close, 3, 4, 5, 6)") == ["too_many_arguments"] * 1
    assert codes(f"{ORDER}a = ema(close, 3, length=4)") == ["repeated_argument"]
    assert codes(f"{ORDER}a = ema(close, 0)") == ["bad_argument"]
    assert codes(f"{ORDER}a = ema(close, 5001)") == ["bad_argument"]
    assert codes(f"{ORDER}a = ema(close, 2.0)") == ["wrong_type"]
    assert codes(f"{ORDER}a = ema(close, close)") == ["wrong_type"]
    assert codes(f'{ORDER}a = ema("close", 3)') == ["wrong_type"]
    assert codes(f"{ORDER}a = ema(close, True)") == ["wrong_type"]
