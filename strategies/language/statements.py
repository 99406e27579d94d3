"""Statements: assignments, what is shown, and nothing else."""

import ast
import inspect

from strategies.language.assignments import assign, forgive, names_bound
from strategies.language.context import Binding, Context
from strategies.language.diagnostics import place_of
from strategies.language.expressions import called, lower
from strategies.language.outputs import OUTPUTS
from strategies.language.plots import show
from strategies.language.refusals import STATEMENTS, UNKNOWN
from strategies.language.requirements import require

NO_EFFECT = "This line does nothing: give its value a name, or plot it."


def lower_statements(ctx: Context, body: list[ast.stmt]) -> str:
    """Work through the program; return its documentation."""
    documentation = ""
    if body and _is_text(body[0]):
        documentation, body = _text_of(body[0]), body[1:]
    for statement in reversed(body):
        if isinstance(statement, ast.Assign):
            names = names_bound(statement)
            ctx.later.update(dict.fromkeys(names, statement.lineno))
    for statement in body:
        ctx.builder.line = ctx.statement = statement.lineno
        if isinstance(statement, ast.Assign):
            assign(ctx, statement)
        elif isinstance(statement, ast.Expr):
            _bare(ctx, statement.value)
        else:
            ctx.problem(statement, *STATEMENTS.get(type(statement), UNKNOWN))
            forgive(ctx, statement)
    return documentation


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _text_of(statement: ast.stmt) -> str:
    assert isinstance(statement, ast.Expr)  # noqa: S101 - it is a text
    assert isinstance(statement.value, ast.Constant)  # noqa: S101 - it is a text
    return inspect.cleandoc(str(statement.value.value))


def _bare(ctx: Context, expression: ast.expr) -> None:
    meant = _assignment_meant(ctx, expression)
    if meant is not None:
        message = f"{meant} gets its value with one =; == compares."
        ctx.problem(expression, "comparison", message)
        binding = Binding(None, place_of(expression), refused=True)
        ctx.names.setdefault(meant, binding)
    elif isinstance(expression, ast.Call) and called(expression) == "plot":
        show(ctx, expression)
    elif isinstance(expression, ast.Call) and called(expression) == "require":
        require(ctx, expression)
    elif lower(ctx, expression) is not None:
        ctx.problem(expression, "no_effect", NO_EFFECT)


def _assignment_meant(ctx: Context, expression: ast.expr) -> str | None:
    """Return the output that a line compares with something, and nothing else."""
    match expression:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq(), *_]):
            return name if name in OUTPUTS and name not in ctx.names else None
    return None
