"""What people type who know other languages: each gets a sentence that helps."""

import pytest

from strategies.language.compiling import compile_program
from strategies.tests.language.checking import ORDER, problems

# text, (line, column), code, part of the sentence, suggestion
MISTAKES = [
    ("x = ta.sma(close, 20)", (2, 5), "attribute", "Did you mean `sma(...)`", "sma"),
    ("x = np.mean(close)", (2, 5), "attribute", "Did you mean `sma(...)`", "sma"),
    ("x = df.close", (2, 5), "attribute", "Did you mean `close`", "close"),
    ("x = close.shift(1)", (2, 5), "attribute", "is x[n]", None),
    ("x = close.rolling(20)", (2, 5), "attribute", "sma(x, n)", None),
    ("x = close > 1 && open > 1", (2, 16), "syntax_error", "joined with `and`", None),
    ("x = close > 1 || open > 1", (2, 16), "syntax_error", "joined with `or`", None),
    ("x = close > 1 & open > 1", (2, 13), "bit_operator", "use and, or, not", None),
    ("x = !rising(close, 3)", (2, 5), "syntax_error", "Not is written `not`", None),
    ("x = close => open", (2, 12), "syntax_error", "written >=", None),
    ("x = close <> open", (2, 11), "syntax_error", "written !=", None),
    ("x = close > 1 ? 1 : 2", (2, 15), "syntax_error", "`a if condition", None),
    ("x := close", (2, 3), "syntax_error", "bound with =", None),
    ("var x = close", (2, 5), "syntax_error", "without a word for its type", None),
    ("// a comment", (2, 1), "syntax_error", "begins with #", None),
    ("x = 5%", (2, 7), "syntax_error", "is 0.05 * close", None),
    ("x = close > open and", (2, 21), "syntax_error", "missing after `and`", None),
    ("x = sma(close 20)", (2, 9), "syntax_error", "comma may be missing", None),
    ("x = rsi(close, 14) crosses 30", (2, 20), "syntax_error", "`crosses`", None),
    ("if close > open:\n  x = 1", (2, 1), "if_statement", "if condition else", None),
    ("if close > open then x = 1", (2, 17), "syntax_error", "Statements that", None),
    ("  x = 1", (2, 2), "syntax_error", "begin in the first column", None),
    ("x = close = open", (2, 1), "chained_assignment", "compared with ==", None),
    ("x = 1,000", (2, 5), "collection", "numbers without commas", None),
    ("x = input(10)", (2, 5), "unknown_function", "`param`", "param"),
    ("x = crosses_above(close, 1)", (2, 5), "unknown_function", "", "crossover"),
    ("x = bbands(close)", (2, 5), "unknown_function", "", "bb"),
    ("x = price", (2, 5), "unknown_name", "", "close"),
    ("x = true", (2, 5), "unknown_name", "", "True"),
    ("x = na", (2, 5), "unknown_name", "nz(x) replaces it", None),
    ("x = sma(close, period=20)", (2, 16), "unknown_argument", "", "length"),
    ("x = sma(close)", (2, 5), "missing_argument", "sma(close, 20)", None),
    ("x = rsi(14)", (2, 9), "wrong_type", "series, not one number: rsi(close", None),
    ("x = sma(close, 20 / 2)", (2, 16), "wrong_type", "// gives whole", None),
    ("x = in_session('09:30', 16)", (2, 16), "wrong_type", "(13.5, 20)", None),
    ("_, upper, lower = bb(close, 20, 2)", (2, 1), "swapped_outputs", "middle", None),
    ("x = macd(close, 12, 26, 9)", (2, 1), "several_outputs", "signal, hist", None),
    ("x = bb(close) + 1", (2, 5), "several_outputs", "upper, middle, lower", None),
    ("x, y = bb(close)", (2, 1), "wrong_number_of_names", "upper, middle", None),
    ("middle, upper, lower = bb(close)", (2, 1), "swapped_outputs", "in this", None),
    ("minus, plus = dmi(14)", (2, 1), "swapped_outputs", "plus and minus", None),
    ("atr = atr(14)\nx = atr > 1", (2, 1), "builtin_name", "my_atr", None),
    ("exit_long == close < 1", (2, 1), "comparison", "one =", None),
    ("x = 3 // the fast one", (2, 14), "syntax_error", "begins with #", None),
    ("x = close // 2 + 3 4", (2, 20), "syntax_error", "`4` does not belong", None),
    ("x = close // hour)", (2, 18), "syntax_error", "unmatched", None),
    ("lambda = 0.94", (2, 8), "syntax_error", "my_lambda", None),
    ("import=3", (2, 7), "syntax_error", "my_import", None),
    ("x = input.int(20)", (2, 5), "attribute", "param", "param"),
    ("x = strategy.position_size", (2, 5), "attribute", "outputs", None),
    ("x = isnan(close)", (2, 5), "unknown_function", "x == x", None),
    ("x = macd(close)[0]", (2, 5), "several_outputs", "signal, histogram", None),
    ("x = x[1] + close", (2, 5), "used_before", "its own past", None),
    ("df['enter_long'] = 1", (2, 1), "bad_target", "enter_long =", None),
    ("x = htf('D', close)", (2, 9), "not_a_choice", "", "1d"),
    ("x = htf('240', close)", (2, 9), "not_a_choice", "", "4h"),
    ("x = htf('4H', close)", (2, 9), "not_a_choice", "", "4h"),
    ("x = htf('1M', close)", (2, 9), "not_a_choice", "1w", None),
    (
        "x = param('x', 'a', choices=['a', 'b']) == 'c'",
        (2, 44),
        "not_a_choice",
        "never 'c'",
        None,
    ),
    ("stop_loss = -0.05", (2, 1), "bad_distance", "0.05 * close", None),
    ("take_profit = 0", (2, 1), "bad_distance", "above 0", None),
    ("stop = 2 * atr(14)", (2, 1), "misspelt_output", "", "stop_loss"),
    ("sell = close < open", (2, 1), "misspelt_output", "", "exit_long"),
    ("stop_los = 2 * atr(14)", (2, 1), "misspelt_output", "", "stop_loss"),
    ("x = \u201cclose\u201d", (2, 5), "not_ascii", "left double quotation", '"'),
    ("x = close \u2265 1", (2, 11), "not_ascii", "greater-than or equal", ">="),
]


@pytest.mark.parametrize(
    ("text", "place", "code", "part", "suggestion"),
    MISTAKES,
    ids=[text for text, *_ in MISTAKES],
)
def test_a_usual_mistake_is_told_once_with_its_place_and_a_remedy(
    text: str, place: tuple[int, int], code: str, part: str, suggestion: str | None
) -> None:
    (problem,) = problems(f"{ORDER}{text}\n")

    assert (problem.line, problem.column, problem.code) == (*place, code)
    assert part in problem.message
    assert problem.suggestion == suggestion
    assert problem.message.isprintable()
    assert problem.message.endswith((".", "?"))


def test_buy_and_sell_are_asked_about_and_nothing_else_is_missing() -> None:
    buy, sell = problems("buy = close > open\nsell = close < open")

    assert (buy.suggestion, sell.suggestion) == ("enter_long", "exit_long")


def test_a_misspelt_output_is_told_with_what_else_is_wrong_with_it() -> None:
    found = problems("Enter_long = Close > open")

    assert [p.code for p in found] == ["misspelt_output", "unknown_name"]
    assert [p.suggestion for p in found] == ["enter_long", "close"]


@pytest.mark.parametrize("name", ["line", "signs", "fit", "tp1", "x"])
def test_a_short_name_is_not_taken_for_an_output(name: str) -> None:
    compile_program(f"{ORDER}{name} = close")


def test_outputs_may_have_other_names_in_any_order() -> None:
    compile_program(f"{ORDER}raw, k = stoch_rsi(close, 14, 14, 3)")
    compile_program(f"{ORDER}a, b, c = bb(close)")


@pytest.mark.parametrize(
    "line",
    [
        "x = max(close, 20)",
        "x = since(close > open, 'count', 1)",
        "x = valuewhen(close > open, 1)",
        "x = crossover(rsi(close, 14), 30)",
        "x = cum(1)",
        "x = barssince(True)",
    ],
)
def test_one_number_for_all_bars_is_a_series_where_that_says_something(
    line: str,
) -> None:
    compile_program(f"{ORDER}{line}")


PINE = """// Two averages, as Pine has them.
var fast = 20
float slow = 50
up = crossover(ema(close, fast), ema(close, slow)) && close > open
state := up
colour = up ? 1 : 2
half = close // 2
text = "a && b // c ? d"  # e || f
enter_long = up || close >= open
exit_long = !up
"""


def test_what_is_foreign_is_told_of_all_lines_at_once() -> None:
    found = problems(PINE)

    assert [p.line for p in found] == [1, 2, 3, 4, 5, 6, 9, 10]
    assert {p.code for p in found} == {"syntax_error"}
    assert all(p.column < p.end_column for p in found)
    assert "begins with #" in found[0].message
    assert "without a word for its type" in found[1].message
    assert "`or`" in found[6].message
