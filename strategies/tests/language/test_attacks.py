"""What hostile people write: every text is answered, in bounded time, with places."""

import re
import time
import tracemalloc

import pytest

from strategies.language.compiling import compile_program
from strategies.language.diagnostics import CodeRejected
from strategies.tests.language.checking import ORDER, codes

# Far more than any of them takes, far less than a hang.
SECONDS = 1.0
PATH = re.compile(r"/\w|\.py\b")
BYTES = 50_000_000

REFUSED = {
    "attribute": "x = close.__class__",
    "attribute_chain": "x = ().__class__.__bases__[0].__subclasses__()",
    "attribute_of_call": "x = sma(close, 3).tofile('/tmp/x')",
    "attribute_of_text": "x = ''.join('a')",
    "dunder_name": "x = __import__('os').system('true')",
    "dunder_builtins": "x = __builtins__",
    "format_method": "x = '{0.__class__}'.format(close)",
    "format_operator": "x = '%s' % close",
    "f_string": "x = f'{close}'",
    "f_string_nested": "x = f\"{f'{close!r:{open}}'}\"",
    "raw_prefix": "x = r'a'",
    "bytes": "x = b'a'",
    "eval": "x = eval('1')",
    "exec": "exec('1')",
    "open_is_a_series": "x = open('/etc/passwd')",
    "getattr": "x = getattr(close, 'shape')",
    "print": "print(close)",
    "import": "import os",
    "import_from": "from os import path",
    "import_star": "from os import *",
    "lambda": "x = lambda: 1",
    "lambda_called": "x = (lambda: 1)()",
    "list_comprehension": "x = [i for i in close]",
    "generator": "x = sum(i for i in close)",
    "set_comprehension": "x = {i for i in close}",
    "dict_comprehension": "x = {i: i for i in close}",
    "walrus": "x = (y := close)",
    "star_args": "x = sma(*close)",
    "star_kwargs": "x = sma(**close)",
    "star_target": "a, *b = macd(close)",
    "nested_target": "(a, (b, c)) = macd(close)",
    "decorator": "@close\ndef f(): pass",
    "class": "class A: x = close",
    "async": "async def f(): await close",
    "await": "x = await close",
    "yield": "x = yield close",
    "global": "global close",
    "nonlocal": "nonlocal close",
    "delete": "del close",
    "assert": "assert close > 1",
    "raise": "raise close",
    "try": "try:\n x = close\nexcept: pass",
    "with": "with close as x: pass",
    "while": "while True: pass",
    "for": "for x in close: pass",
    "if": "if close > 1: pass",
    "match": "match close:\n case 1: pass",
    "type_alias": "type x = close",
    "annotated": "x: close = close",
    "annotation_alone": "x: __import__('os')",
    "augmented": "x = 1\nx += 1",
    "slice": "x = close[1:2]",
    "slice_step": "x = close[::-1]",
    "ellipsis": "x = close[...]",
    "none": "x = None",
    "complex": "x = 1j",
    "bool_index": "x = close[True]",
    "negative_index": "x = close[-1]",
    "float_index": "x = close[1.0]",
    "text_index": "x = close['close']",
    "tuple_index": "x = close[1, 2]",
    "series_index": "x = close[bar_index]",
    "huge_index": "x = close[99999999999999999999]",
    "infinite_index": "x = close[9**9**9]",
    "matrix_product": "x = close @ close",
    "shift_operator": "x = close << 1000000000",
    "bit_or": "x = close | open",
    "invert": "x = ~close",
    "unary_plus": "x = +close",
    "is": "x = close is open",
    "in": "x = close in open",
    "shadow_input": "close = 1",
    "shadow_function": "sma = close",
    "shadow_construct": "param = close",
    "rebind": "x = 1\nx = 2",
    "underscore": "_ = close",
    "tuple_value": "x = (close, open)",
    "attribute_target": "close.x = 1",
    "item_target": "close[0] = 1",
    "chained_target": "x = y = close",
    "call_of_call": "x = sma(close, 3)(4)",
    "call_of_index": "x = close[1](2)",
    "call_of_text": "x = 'sma'(close, 3)",
    "call_of_value": "x = close\ny = x(1)",
    "function_as_value": "x = sma",
    "param_of_expression": "x = param('a', close)",
    "param_of_call": "x = param('a', eval('1'))",
    "param_choices_attribute": "x = param('a', 1, choices=close.shape)",
    "param_dunder": "x = param('__class__', 1)",
    "param_infinite": "x = param('a', 1e999)",
    "param_huge": f"x = param('a', {10**400})",
    "full_width": "x = \uff43\uff4c\uff4f\uff53\uff45",
    "mathematical_bold": "x = \U0001d41c\U0001d425\U0001d428\U0001d42c\U0001d41e",
    "nul": "x = close\x00",
    "surrogate": "x = '\ud800'",
    "form_feed": "x = close\x0c",
    "byte_order_mark": "\ufeffx = close",
    "backslash": "x = close + \\\n1",
    "non_breaking_space": "x =\u00a0close",
    "right_to_left": "x = close # \u202e",
    "huge_int": "x = " + "9" * 5000,
    "number_and_word": "x = 1if close > 1else 2",
    "word_and_number": "x = close.0or 1",
    "huge_hex": "x = 0x" + "f" * 5000,
    "open_bracket": "x = sma(close",
    "open_text": "x = 'close",
    "bad_indent": " x = close",
    "tab_indent": "if x:\n\ty = 1\n        z = 2",
    "semicolons_only": ";;;",
    "question": "x = close ? 1 : 2",
    "huge_window": "x = sma(close, 1000000000)",
    "zero_window": "x = sma(close, 0)",
    "infinite_window": "x = sma(close, 10**400)",
    "text_multiplied": "x = 'a' * 1000000000",
    "plot_format": "plot('{0.x}'.format(close), close)",
    "plot_many": "\n".join(f"plot('{i}', close)" for i in range(21)),
    "htf_in_htf": "x = htf('1d', htf('1w', close))",
    "htf_of_number": "x = htf('1d', 5)",
    "htf_unknown": "x = htf('7m', close)",
    "htf_dynamic": "x = htf(param('t', '1d', choices=('1d', '1w')), close)",
}

DEEP = {
    "brackets": "(" * 5000 + "close" + ")" * 5000,
    "square": "[" * 9000,
    "braces": "{" * 9000,
    "calls": "abs(" * 2000 + "close" + ")" * 2000,
    "indices": "close" + "[1]" * 5000,
    "called_calls": "close" + "()" * 5000,
    "attributes": "close" + ".a" * 5000,
    "minus": "-" * 15_000 + "close",
    "minus_spaced": "- " * 7_000 + "close",
    "not": "not " * 4000 + "True",
    "power": "**".join(["close"] * 2500),
    "sum": "+".join(["1"] * 9000),
    "sum_of_100_000": "+".join(["1"] * 100_000),
    "ternary": "1 if True else " * 1000 + "1",
    "lambda": "lambda: " * 2000 + "1",
    "and": " and ".join(["True"] * 3000),
    "comparison": "<".join(["1"] * 9000),
    "f_string": "f'" + "{" * 9000,
    "f_string_operators": "f'{" + "not " * 4000 + "1}'",
    "text": "'" * 15_000,
    "triple": '"""' * 5000,
    "name": "a" * 15_000,
    "prefix": "a" * 15_000 + "'",
    "commas": "," * 15_000,
    "strings": "'' " * 5000,
    "comment": "#" * 15_000 + "\n(",
    "digits": "1" * 15_000,
    "underscored": "1_" * 7000 + "1",
    "exponents": "1e" * 7000,
    "dots": "." * 15_000,
    "colons": ":" * 15_000,
    "stars": "*" * 15_000,
    "division_in_text": '"//a' + " " * 15_000 + '" 3 4',
    "division_and_blanks": "close //" + " " * 15_000 + "a b",
    "foreign_signs": "3 4\n" + "!\n" * 400,
    "quotes": "3 4\n" + "'\"" * 7_000,
    "walrus": "(a:=" * 60 + "1" + ")" * 60,
    "elif": "0\nif x: pass\n" + "elif x: pass\n" * 480,
    "else_if": "\n".join(" " * i + "if x:" for i in range(99)),
}


@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED)
def test_an_attack_is_refused_with_its_place(line: str) -> None:
    began = time.process_time()
    with pytest.raises(CodeRejected) as caught:
        compile_program(f"{ORDER}{line}\n")

    assert time.process_time() - began < SECONDS
    for problem in caught.value.diagnostics:
        assert problem.line >= 1
        assert problem.column >= 1
        assert (problem.end_line, problem.end_column) >= (problem.line, problem.column)
        assert problem.message
        assert PATH.search(problem.message) is None
        assert "<unknown>" not in problem.message


@pytest.mark.parametrize("expression", DEEP.values(), ids=DEEP)
def test_depth_and_length_end_in_a_diagnostic_at_once(expression: str) -> None:
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(CodeRejected):
            compile_program(f"{ORDER}x = {expression}\n")
        assert time.process_time() - began < SECONDS
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "line",
    [
        "x = 9**9**9**9",
        "x = close ** 9**9**9",
        "x = 2**53 * 2**1000 * close",
        "# coding: utf-16\nx = 1",
        "x = 1  # type: ignore",
        "x = close  # type: int",
        "x = close; y = open",
        "x = (close)\n\n\n",
    ],
)
def test_what_only_looks_dangerous_is_a_program(line: str) -> None:
    began = time.process_time()
    compile_program(f"{ORDER}{line}\n")

    assert time.process_time() - began < SECONDS


def test_each_construct_has_its_own_sentence() -> None:
    for name in ("for", "lambda", "import", "attribute", "walrus", "slice", "class"):
        (code,) = set(codes(ORDER + REFUSED[name]))
        assert code not in ("syntax_error", "not_in_language")
