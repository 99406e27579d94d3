"""require(): what must hold between the values of parameters before a run begins."""

import ast

from strategies.language.binding import bind
from strategies.language.context import Context
from strategies.language.diagnostics import place_of
from strategies.language.expressions import lower
from strategies.language.graph import Type
from strategies.language.program import Requirement

ARGUMENTS = ("condition",)
EXAMPLE = "require(fast < slow)"


def require(ctx: Context, call: ast.Call) -> None:
    """Note what the call asks of the parameters."""
    bound = bind(ctx, call, ARGUMENTS, 1, EXAMPLE)
    if bound is None:
        return
    condition = bound["condition"]
    value = lower(ctx, condition)
    if value is None:
        return
    kind = ctx.type_of(value)
    if not isinstance(value, int) or kind is not Type.FLAG:
        message = f"require compares parameters with each other: {EXAMPLE}."
        if kind.is_array:
            message += " This has a value for every bar."
        ctx.problem(condition, "wrong_type", message)
    elif not ctx.builder.parameters_of(value):
        message = f"require needs a parameter to ask something of: {EXAMPLE}."
        ctx.problem(condition, "no_parameter", message)
    else:
        ctx.requirements.append(Requirement(value, place_of(condition)))
