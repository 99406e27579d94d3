"""What was meant with a dot: nothing has one here."""

import ast
from collections.abc import Mapping

from strategies.language.context import CONSTRUCTS, Context
from strategies.language.inputs import INPUTS
from strategies.language.spelling import nearest, shown

NO_DOTS = "Nothing has a dot."
METHODS: Mapping[str, str] = {
    "shift": "x.shift(n) is x[n]: the value n bars ago.",
    "rolling": "What looks at a window is a function: sma(x, n), highest(x, n).",
    "iloc": "x[n] is the value n bars ago.",
    "loc": "x[n] is the value n bars ago.",
    "values": "A series is used by its name alone.",
}


def refuse_attribute(ctx: Context, node: ast.Attribute) -> None:
    """Report the attribute, with the function or series that is called like it."""
    name = node.attr
    if name in METHODS:
        ctx.problem(node, "attribute", f"{NO_DOTS} {METHODS[name]}")
        return
    near = nearest(name, {*ctx.functions, *CONSTRUCTS, *INPUTS})
    if near is None:
        message = f"{NO_DOTS} There is no {shown(name)} either."
    elif near in INPUTS:
        message = f"{NO_DOTS} Did you mean `{near}`?"
    else:
        message = f"{NO_DOTS} Did you mean `{near}(...)`?"
    ctx.problem(node, "attribute", message, near)
