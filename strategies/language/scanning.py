"""A look at the raw text before Python's own parser sees it.

That parser is written in C and recurses: over brackets, over operators in a row. What
could exhaust its stack, or is not plain ASCII, ends here.
"""

import re
import unicodedata
from dataclasses import dataclass

from strategies.language.diagnostics import Place, Report
from strategies.language.limits import Limits
from strategies.language.spelling import shown

# All but tab and the printable characters; the backslash is not one of the language.
FOREIGN = re.compile(r"[^\t -\[\]-~]")
# Names, whole numbers and commas nest nothing and are passed over at once. The last
# alternative takes whatever is left, so that no stretch is looked at twice.
TOKEN = re.compile(
    r"""(?: [ \t,:;]++ | \d++(?![\w."'])
          | (?!(?:not|else|lambda|await|yield|for|and|or|in|is|if)\b)
            [A-Za-z_]\w*+(?!["']) )*+
      (?: (?P<comment>\#[^\n]*)
      | (?P<prefix>\b\w++)(?=["'])
      | (?P<text>\"\"\"[\s\S]*?(?:\"\"\"|\Z) | '''[\s\S]*?(?:'''|\Z)
               | "[^"\n]*"? | '[^'\n]*'?)
      | (?P<number>(?<![\w.])(?:0[xXbBoO]\w*|\.?\d(?:[eE][+-](?=\d)|[\w.])*+))
      | (?P<glued>\.\d)
      | (?P<newline>\n)
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<nesting>\*\* | \b(?:not|else|lambda|await|yield|for)\b)
      | (?P<sign>[-+~](?=\s*[-+~]))
      | (?P<operator>[^\s\w.,:;] | \.(?=[A-Za-z_]) | \b(?:and|or|in|is|if)\b)
      | (?P<rest>[\s\S] | \Z) )""",
    re.VERBOSE,
)
# Python reads 1if as a number and a word, and warns about it; here it is neither.
NUMBER = re.compile(
    r"""0[xX](_?[0-9a-fA-F])+ | 0[bB](_?[01])+ | 0[oO](_?[0-7])+
      | (\d(_?\d)*\.?(\d(_?\d)*)? | \.\d(_?\d)*) ([eE][+-]?\d(_?\d)*)? [jJ]?""",
    re.VERBOSE,
)
REMEDY = "Give parts of it names of their own."
# What a word processor, or a phone's keyboard, makes of plain characters.
PLAIN = {
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u00b4", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "\u00d7": "*",
    "\u00f7": "/",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
}
PASSED_OVER = frozenset({"text", "comment", "newline", "rest"})
COUNTED = frozenset({"nesting", "sign", "operator", "open"})


def unified(code: str) -> str:
    """Return the text with line ends as Python's parser reads them."""
    return code.replace("\r\n", "\n").replace("\r", "\n")


def excerpt(code: str, place: Place) -> str:
    """Return what stands there, on one line."""
    lines = unified(code).split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return " ".join(" ".join(lines).split())


def scan(code: str, limits: Limits, report: Report) -> None:
    """Report what is too long, not ASCII, or nested too deeply; the first of a kind."""
    lines = code.split("\n")
    if len(code) > limits.bytes:
        last = Place(1, 1, 1, 1)
        message = f"The code has {len(code):,} characters; at most {limits.bytes:,}."
        report.add(last, "too_long", message)
        return
    if len(lines) > limits.lines + (lines[-1] == ""):
        place = Place(limits.lines + 1, 1, limits.lines + 1, 1)
        message = f"The code has {len(lines)} lines; at most {limits.lines}."
        report.add(place, "too_many_lines", message)
    for number, line in enumerate(lines, 1):
        _scan_characters(line, number, report)
    if not report.found:
        _scan_nesting(code, limits, report)


def _scan_characters(line: str, number: int, report: Report) -> None:
    """Report the first character of the line that is not part of the language."""
    found = FOREIGN.search(line)
    if found is None:
        return
    character, column = found.group(), found.start() + 1
    place = Place(number, column, number, column + 1)
    shown = ascii(character)[1:-1]
    if character == "\\":
        remedy = "to continue a line, put brackets around the expression"
        message = f"Backslashes are not part of the language; {remedy}."
        report.add(place, "backslash", message)
    elif character.isascii():
        message = f"The control character {shown} is not allowed."
        report.add(place, "control_character", message)
    else:
        plain = PLAIN.get(character) or unicodedata.normalize("NFKC", character)
        suggestion = plain if plain.isascii() and plain.isprintable() else None
        name = unicodedata.name(character, "without a name").lower()
        message = f"Only plain ASCII is allowed, not the character {shown} ({name})."
        report.add(place, "not_ascii", message, suggestion)


@dataclass(slots=True)
class _Depths:
    """How deep one expression is nested where the scan has come to."""

    brackets: int = 0
    operators: int = 0
    nested: int = 0
    signs: int = 0

    def step(self, kind: str) -> None:
        self.signs = self.signs + 1 if kind == "sign" else 0
        self.nested += kind == "nesting"
        self.operators += kind in COUNTED
        if kind == "open":
            self.brackets += 1
        elif kind == "close":
            self.brackets -= 1

    def excess(self, limits: Limits) -> tuple[str, str] | None:
        if max(self.brackets, self.nested, self.signs) > limits.depth:
            return "too_deep", f"Nested more than {limits.depth} levels deep. {REMEDY}"
        if self.operators > limits.operators:
            sentence = f"More than {limits.operators} operators in one line."
            return "too_many_operators", f"{sentence} {REMEDY}"
        return None


def _scan_nesting(code: str, limits: Limits, report: Report) -> None:
    depths = _Depths()
    for match in TOKEN.finditer(code):
        kind = match.lastgroup or "rest"
        if kind == "newline" and depths.brackets <= 0:
            depths = _Depths()
        if kind in PASSED_OVER:
            continue
        depths.step(kind)
        if kind in COUNTED:
            wrong = depths.excess(limits)
        else:
            wrong = _misread(kind, match[kind])
        if wrong is not None:
            report.add(_place(code, match.start(kind)), *wrong)
            return


def _misread(kind: str, token: str) -> tuple[str, str] | None:
    """Return what is wrong with a token that Python would read in its own way."""
    if kind == "prefix":
        sentence = f"{shown(token)}-strings are not part of the language."
        return "string_prefix", sentence
    if kind == "glued" or (kind == "number" and NUMBER.fullmatch(token) is None):
        return "bad_number", f"{shown(token)} is not a number."
    return None


def _place(code: str, position: int) -> Place:
    line = code.count("\n", 0, position) + 1
    column = position - code.rfind("\n", 0, position)
    return Place(line, column, line, column + 1)
