"""What other languages write where this one has a sign of its own."""

import re
from collections.abc import Iterator, Mapping

from strategies.language.diagnostics import Place

FOREIGN: Mapping[str, str] = {
    "&&": "Conditions are joined with `and`, not with &&.",
    "||": "Conditions are joined with `or`, not with ||.",
    ":=": "A name is bound with =, not with :=.",
    "=>": "At least is written >=, not =>.",
    "=<": "At most is written <=, not =<.",
    "<>": "Not equal is written !=, not <>.",
    "//": "A comment begins with #, not with //.",
    "?": "A choice is written `a if condition else b`, not with ? and :.",
    "!": "Not is written `not`: `not rising(close, 3)`.",
}
TYPED = "A name is bound without a word for its type: `x = 3`."
TYPES = re.compile(r"var|varip|let|const|auto|float|int|bool|double|string|color")

# Texts and comments may hold any sign.
QUOTED = re.compile(
    r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"[^"\n]*"|\'[^\'\n]*\'|\#[^\n]*'
)
# A line that begins with // is a comment; further on that is a division.
SIGN = re.compile(
    rf"^\s*(?P<comment>//)|^\s*(?P<typed>(?:{TYPES.pattern})\s+\w)"
    r"|(?P<sign>&&|\|\||:=|=>|=<|<>|\?|!(?!=))"
)


def without_texts(code: str) -> str:
    """Return the code with blanks for texts and comments, each sign in its place."""
    return QUOTED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), code)


def foreign_signs(code: str) -> Iterator[tuple[Place, str]]:
    """Yield the first foreign sign of each line, and the remedy."""
    for number, line in enumerate(without_texts(code).split("\n"), 1):
        found = SIGN.search(line)
        if found is None:
            continue
        kind = found.lastgroup or "sign"
        start, end = found.span(kind)
        sentence = TYPED if kind == "typed" else FOREIGN[found[kind]]
        yield Place(number, start + 1, number, end + 1), sentence
