"""Texts that may or may not be programs, from a seeded generator of random numbers."""

from random import Random

from strategies.language.context import CONSTRUCTS
from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Argument, Function, Kind
from strategies.language.inputs import INPUTS
from strategies.language.outputs import OUTPUTS
from strategies.tests.language.test_grammar import EXAMPLE

NAMES = (*INPUTS, *FUNCTIONS, *OUTPUTS, *CONSTRUCTS, "a", "b", "x", "_y")
WORDS_TEXT = (
    "if else for in while lambda def class return yield await async import from as is "
    "not and or with try except finally raise assert del global nonlocal pass break "
    "continue match case type None True False print __class__ __import__ eval"
)
WORDS = tuple(WORDS_TEXT.split())
LITERALS = (
    "0", "1", "2", "3.5", "-1", "1e308", "1e999", "5000", "5001", "0x1f", "0b1", "1j",
    "10**20", "9**9**9", '"1d"', '"a"', "'sma'", '""', "''", '"""', "f'{x}'", "b'x'",
    "1_000", "...", "99999999999999999999",
)  # fmt: skip
SIGNS_TEXT = (
    "+ - * / // % ** @ = == != < <= > >= ( ) [ ] { } , : ; . -> := += & | ^ ~ << >> ! "
    "? $ ` \\ # \n \n\n \t \r \x0c \x00"
)
SIGNS = tuple(SIGNS_TEXT.split(" "))
STATEMENTS = (
    "{n} = {e}", "{n} = {e}", "{n} = {e}", "{o} = {c}", "{o} = {e}", "{n}, {n} = {e}",
    "plot('{n}', {e})", "{n} = param('{n}', {l}, min={l}, max={l})", "{e}", "del {n}",
    "require({c})",
    "{n} += {e}", "for {n} in {e}: {n} = {e}", "if {c}: {n} = {e}", "import {n}",
    "def {n}({n}): return {e}", "{n}: {e} = {e}", "{n}.{n} = {e}", "{n}[{e}] = {e}",
)  # fmt: skip
EXPRESSIONS = (
    "{n}", "{i}", "{i}", "{l}", "({e} + {e})", "({e} * {e})", "({e} / {e})", "-{e}",
    "({e} ** {e})", "{i}[{l}]", "{e}[{e}]", "{f}({e}, {l})", "{f}({i}, {l})", "{f}()",
    "{f}({i})", "{f}({c}, {i})", "{f}({i}, {i}, {l})", "({e} if {c} else {e})", "{c}",
    "htf('1d', {e})", "{e}.{n}", "{e}({e})", "[{e}]", "({e}, {e})", "lambda: {e}",
    "[{n} for {n} in {e}]", "({n} := {e})", "{f}(*{e})", "{f}({n}={e})", "{i}[{l}:{l}]",
)  # fmt: skip
CONDITIONS = (
    "({i} > {i})", "({e} < {e})", "({e} != {l})", "({c} and {c})", "({c} or {c})",
    "(not {c})", "{i} > {i} > {e}", "crossover({i}, {i})", "True", "{e}", "{c}[{l}]",
)  # fmt: skip


def any_text(random: Random) -> str:
    """Return bytes read as text, tokens in any order, a spoilt program, or a program
    of the grammar, and of more than it allows."""
    makers = (_noise, _tokens, _spoilt, _grammatical, _proper, _proper)
    return random.choice(makers)(random)


def _noise(random: Random) -> str:
    return random.randbytes(random.randrange(200)).decode("utf-8", "surrogateescape")


def _tokens(random: Random) -> str:
    kinds = (NAMES, WORDS, LITERALS, SIGNS, SIGNS)
    tokens = (random.choice(random.choice(kinds)) for _ in range(random.randrange(60)))
    return random.choice(("", " ")).join(tokens)


def _spoilt(random: Random) -> str:
    """Return the example with some of it removed, repeated, or replaced."""
    text = EXAMPLE
    for _ in range(random.randrange(1, 6)):
        start = random.randrange(len(text) + 1)
        stop = min(len(text), start + random.randrange(20))
        piece = random.choice(
            ("", text[start:stop] * 2, _tokens(random)[:10], _noise(random)[:3])
        )
        text = text[:start] + piece + text[stop:]
    return text


def _grammatical(random: Random) -> str:
    lines = [_filled(random, random.choice(STATEMENTS)) for _ in range(6)]
    return "\n".join(lines) + "\nenter_short = close > open\n"


def _filled(random: Random, form: str) -> str:
    """Return the form with its fields replaced, from outside in, until none is left or
    it has become too long."""
    simple = {"n": NAMES, "i": tuple(INPUTS), "l": LITERALS, "o": tuple(OUTPUTS)}
    simple["f"] = tuple(FUNCTIONS)
    while "{" in form:
        before, _, rest = form.partition("{")
        field, _, after = rest.partition("}")
        deep = len(form) > 200
        if field == "e":
            made = random.choice(INPUT_ONLY if deep else EXPRESSIONS)
        elif field == "c":
            made = "(close > open)" if deep else random.choice(CONDITIONS)
        elif field in simple:
            made = random.choice(simple[field]).replace("{x}", "x")
        else:
            made = ""
        form = before + made + after
    return form


INPUT_ONLY = ("{i}",)


def _proper(random: Random) -> str:
    """Return a program whose functions get arguments of the kinds that they take."""
    lines, names = [], list(INPUTS)
    for i in range(random.randrange(1, 6)):
        function = FUNCTIONS[random.choice(tuple(FUNCTIONS))]
        call = f"{function.name}({_arguments(random, function, names)})"
        if random.random() < 0.1:
            call = f'htf("1d", {call})'
        targets = [f"v{i}{k}" for k in range(len(function.outputs))]
        lines.append(f"{', '.join(targets)} = {call}")
        if function.returns is Kind.SERIES:
            names.extend(targets)
    left, right = random.choices(names, k=2)
    lines.append(f"enter_long = {left} > {right}[{random.randrange(5)}]")
    lines.append(f"stop_loss = {left} {random.choice('+-*/%')} {right}")
    return "\n".join(lines)


def _arguments(random: Random, function: Function, names: list[str]) -> str:
    made = []
    for argument in function.arguments:
        if argument.default is not None and random.random() < 0.5:
            break
        made.append(_argument(random, argument, names))
    return ", ".join(made)


def _argument(random: Random, argument: Argument, names: list[str]) -> str:
    if argument.kind is Kind.SERIES:
        return random.choice((*names, "1", "0/0"))
    if argument.kind is Kind.CONDITION:
        return f"({random.choice(names)} > {random.choice(names)})"
    if argument.kind is Kind.WINDOW:
        return str(random.choice((1, 2, 3, 5, 14, 59, 60, 61, 5000)))
    if argument.kind is Kind.NUMBER:
        return random.choice(("0", "0.5", "1", "2", "10", "-1", "1e300"))
    return repr(random.choice(argument.choices or ("1d", "09:30-16:00", "x")))
