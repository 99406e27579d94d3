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
# What a whole family of other languages' names stands for.
OWNERS: Mapping[str, str] = {
    "strategy": "Orders are outputs, enter_long = condition; a text cannot ask for the "
    "position: stop_loss and take_profit count from its entry.",
    "self": "There is no object: every name of a text is a series.",
    "trade": "A text cannot ask for the open trade: stop_loss and take_profit count "
    "from its entry.",
}


def refuse_attribute(ctx: Context, node: ast.Attribute) -> None:
    """Report the attribute, with the function or series that is called like it."""
    name = node.attr
    if name in METHODS:
        ctx.problem(node, "attribute", f"{NO_DOTS} {METHODS[name]}")
        return
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    if owner in OWNERS:
        ctx.problem(node, "attribute", f"{NO_DOTS} {OWNERS[owner]}")
        return
    known = {*ctx.functions, *CONSTRUCTS, *INPUTS}
    near = nearest(f"{owner}{name}", known) if owner == "input" else None
    near = near or nearest(name, known)
    if near is None:
        message = f"{NO_DOTS} There is no {shown(name)} either."
    elif near in INPUTS:
        message = f"{NO_DOTS} Did you mean `{near}`?"
    else:
        message = f"{NO_DOTS} Did you mean `{near}(...)`?"
    ctx.problem(node, "attribute", message, near)
