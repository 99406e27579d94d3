"""What a call gives to each argument: by position, by name, or nothing."""

import ast
from collections.abc import Sequence

from strategies.language.context import Context
from strategies.language.diagnostics import place_of
from strategies.language.spelling import listed, shown


def bind(
    ctx: Context, call: ast.Call, names: Sequence[str], required: int, example: str
) -> dict[str, ast.expr] | None:
    """Return the expression given for each name; None when something is wrong.

    The first ``required`` names must be given.
    """
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None  # refused by itself; nobody knows how many arguments it stands for
    before = len(ctx.report.found)
    title = shown(call.func.id) if isinstance(call.func, ast.Name) else "this"
    bound: dict[str, ast.expr] = dict(zip(names, call.args, strict=False))
    if len(call.args) > len(names):
        takes = (
            f"{title} takes {listed(names)}, and here are {len(call.args)} values: "
            f"{example}."
        )
        ctx.problem(call.args[len(names)], "too_many_arguments", takes)
    for keyword in call.keywords:
        _bind_keyword(ctx, keyword, title, names, bound)
    missing = [name for name in names[:required] if name not in bound]
    if missing and len(ctx.report.found) == before:
        message = (
            f"{title} needs {listed(missing)}; it takes {listed(names)}: {example}."
        )
        ctx.problem(call, "missing_argument", message)
    return bound if len(ctx.report.found) == before else None


def _bind_keyword(
    ctx: Context,
    keyword: ast.keyword,
    title: str,
    names: Sequence[str],
    bound: dict[str, ast.expr],
) -> None:
    name = keyword.arg
    if name is None:
        message = "Starred arguments are not part of the language; name each argument."
        ctx.report.add(place_of(keyword), "starred", message)
    elif name not in names:
        message = f"{title} has no argument {shown(name)}; it takes {listed(names)}."
        ctx.unknown(keyword, "unknown_argument", message, name, names)
    elif name in bound:
        message = f"{title} is given {name} twice."
        ctx.problem(keyword, "repeated_argument", message)
    else:
        bound[name] = keyword.value
