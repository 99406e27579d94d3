"""Sentences for texts that Python's parser does not understand."""

import keyword
import re
from collections.abc import Mapping

from strategies.language.foreign import FOREIGN, TYPED, TYPES, without_texts
from strategies.language.refusals import CHECK, FUNCTION, LOOP
from strategies.language.spelling import shown

LONGEST_MESSAGE = 200
WORD = re.compile(r"\w+|\S")

# A statement of Python's that has not been written to its end is none of ours anyway.
FIRST_WORDS: Mapping[str, str] = {
    "if": CHECK,
    "elif": CHECK,
    "else": CHECK,
    "for": LOOP,
    "while": LOOP,
    "def": FUNCTION,
}
BOUND = re.compile(r"\s*(\w+)\s*=(?!=)")
OPERATORS = ("and", "or", "not", "if", "else", *"+-*/%<>=,(.")
REMEDIES: Mapping[str, str] = {
    "unexpected indent": "Lines begin in the first column; to go on with a line, put "
    "brackets around the expression.",
    "unindent does not match any outer indentation level": "Lines begin in the first "
    "column.",
    "invalid syntax. Perhaps you forgot a comma?": "A comma may be missing here.",
    "expected 'else' after 'if' expression": "A choice needs both: `a if condition "
    "else b`.",
}


def sentence_of(message: str, line: str, column: int) -> str:
    """Return what is wrong with a line; ``message`` is the parser's, and ``column``,
    counted from 1, its place."""
    if "digits" in message:  # it names settings of the interpreter
        return "This number has too many digits."
    bound = BOUND.match(line)
    if bound and keyword.iskeyword(bound[1]):
        return f"{bound[1]} is a word of Python's own; use another name, my_{bound[1]}."
    first = line.split(maxsplit=1)[0] if line.split() else ""
    word = FIRST_WORDS.get(first.rstrip(":("))
    if word is not None:
        return word
    if message in REMEDIES:
        return REMEDIES[message]
    if message.startswith("invalid syntax"):
        return _of_place(line, column)
    # It may quote the text, which may be long.
    return f"This is not valid syntax: {message[:LONGEST_MESSAGE].rstrip('.?')}."


def _of_place(line: str, column: int) -> str:
    at = column - 1
    _, division, after = without_texts(line)[:at].rpartition("//")
    # One word after it could be a divisor; another one then makes it a comment.
    if division and after.strip().isidentifier() and line[at : at + 1].isalpha():
        return FOREIGN["//"]
    for sign, sentence in FOREIGN.items():
        if sign in line[max(0, at - len(sign) + 1) : at + len(sign)]:
            return sentence
    before, rest = line[:at].rstrip(), line[at:].split("#")[0]
    last = WORD.findall(before)[-1:]
    if not rest.strip():
        return _of_end(before, last)
    if last and TYPES.fullmatch(last[0]):
        return TYPED
    word = WORD.findall(rest)[0]
    if word == "lambda":
        return FUNCTION
    if word == "=":
        return "Two values are compared with ==; = gives a name its value."
    return (
        f"`{shown(word)}` does not belong here: an operator, a comma or a bracket is "
        "missing before it, or it is one too many."
    )


def _of_end(before: str, last: list[str]) -> str:
    if last == ["%"]:
        return "A percentage is written as a fraction: 5 % of a price is 0.05 * close."
    if last and last[0] in OPERATORS:
        return f"A value is missing after `{last[0]}`."
    return "The line ends too early."
