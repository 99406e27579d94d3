"""Statements: names bound once, outputs, and what is shown."""

import ast
import inspect

from strategies.language.arithmetic import as_number
from strategies.language.binding import bind
from strategies.language.context import Binding, Context, Value
from strategies.language.expressions import called, lower
from strategies.language.graph import Type
from strategies.language.outputs import OUTPUTS
from strategies.language.refusals import STATEMENTS, UNKNOWN

NO_EFFECT = "This line does nothing: give its value a name, or plot it."


def lower_statements(ctx: Context, body: list[ast.stmt]) -> str:
    """Work through the program; return its documentation."""
    documentation = ""
    if body and _is_text(body[0]):
        documentation, body = _text_of(body[0]), body[1:]
    for statement in reversed(body):
        if isinstance(statement, ast.Assign):
            names = [t.id for t in _targets(statement) if isinstance(t, ast.Name)]
            ctx.later.update(dict.fromkeys(names, statement.lineno))
    for statement in body:
        ctx.builder.line = statement.lineno
        if isinstance(statement, ast.Assign):
            _assign(ctx, statement)
        elif isinstance(statement, ast.Expr):
            _bare(ctx, statement.value)
        else:
            ctx.problem(statement, *STATEMENTS.get(type(statement), UNKNOWN))
            _forgive(ctx, statement)
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


def _targets(statement: ast.Assign) -> list[ast.expr]:
    target = statement.targets[0]
    return target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def _forgive(ctx: Context, statement: ast.stmt) -> None:
    """Bind the names that a refused statement was to bind, to nothing: that they have
    no value is not another problem."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            name = node.name
        elif isinstance(node, ast.alias):
            name = (node.asname or node.name).partition(".")[0]
        else:
            continue
        ctx.names.setdefault(name, Binding(None, statement.lineno))


def _assign(ctx: Context, statement: ast.Assign) -> None:
    if len(statement.targets) > 1:
        message = "One name per line; bind the second to the first."
        ctx.problem(statement, "chained_assignment", message)
        _forgive(ctx, statement)
        return
    value = lower(ctx, statement.value)
    targets = _targets(statement)
    if isinstance(statement.targets[0], ast.Tuple | ast.List):
        values = _unpacked(ctx, statement, value, len(targets))
    else:
        values = [_single(ctx, statement, value)]
    for target, one in zip(targets, values, strict=True):
        _bind(ctx, target, one)


def _single(ctx: Context, statement: ast.Assign, value: Value) -> Value:
    if isinstance(value, tuple):
        message = (
            f"This has {len(value)} outputs: name them all, "
            f"{', '.join('abcdefgh'[: len(value)])} = ..."
        )
        ctx.problem(statement, "several_outputs", message)
        return None
    text = isinstance(statement.value, ast.Constant) and isinstance(
        statement.value.value, str
    )
    if value is not None and text:
        message = "A text has no name; write it where a function asks for one."
        ctx.problem(statement.value, "bare_text", message)
        return None
    return value


def _unpacked(
    ctx: Context, statement: ast.Assign, value: Value, targets: int
) -> list[Value]:
    if isinstance(value, tuple) and len(value) == targets:
        return list(value)
    if value is not None:
        outputs = len(value) if isinstance(value, tuple) else 1
        message = f"Here are {targets} names, and the right side has {outputs} value"
        message += "s." if outputs > 1 else "."
        ctx.problem(statement, "wrong_number_of_names", message)
    return [None] * targets


def _bind(ctx: Context, target: ast.expr, value: Value) -> None:
    if not isinstance(target, ast.Name):
        message = "Only a plain name can be given a value."
        ctx.problem(target, "bad_target", message)
        return
    name, wrong = target.id, None
    if name.startswith("_"):
        wrong = ("bad_name", "Names do not begin with an underscore.")
    elif len(name) > ctx.limits.name_length:
        wrong = ("bad_name", "This name is too long.")
    elif ctx.is_taken(name):
        wrong = ("builtin_name", f"{name} belongs to the language; use another name.")
    elif name in ctx.names:
        line = ctx.names[name].line
        wrong = ("bound_twice", f"{name} has a value since line {line}; a name is "
                 "bound once.")  # fmt: skip
    if wrong is not None:
        ctx.problem(target, *wrong)
        if not ctx.is_taken(name):
            ctx.names.setdefault(name, Binding(None, target.lineno))
        return
    ctx.names[name] = Binding(_checked_output(ctx, target, value), target.lineno)


def _checked_output(ctx: Context, target: ast.Name, value: Value) -> Value:
    output = OUTPUTS.get(target.id)
    if output is None or not isinstance(value, int):
        return value
    kind = ctx.type_of(value)
    if output.type is Type.CONDITION and not kind.is_logical:
        message = f"{target.id} must be a condition, not a {kind}; compare it, x > 0."
    elif output.type is Type.SERIES and kind not in (Type.SERIES, Type.NUMBER):
        message = f"{target.id} must be a number or a series, not a {kind}."
    else:
        return value
    ctx.problem(target, "wrong_type", message)
    return None


def _bare(ctx: Context, expression: ast.expr) -> None:
    if isinstance(expression, ast.Call) and called(expression) == "plot":
        _plot(ctx, expression)
    elif lower(ctx, expression) is not None:
        ctx.problem(expression, "no_effect", NO_EFFECT)


def _plot(ctx: Context, call: ast.Call) -> None:
    bound = bind(ctx, call, ("name", "series"), 2)
    if bound is None:
        return
    title, series = bound["name"], bound["series"]
    name = title.value if isinstance(title, ast.Constant) else None
    fits = isinstance(name, str) and 1 <= len(name) <= ctx.limits.name_length
    if not isinstance(name, str) or not fits or not name.isprintable():
        ctx.problem(title, "bad_plot", "A plot's name is a short text in quotes.")
    elif name in ctx.plots:
        ctx.problem(title, "bad_plot", f"There is a plot {name} already.")
    elif len(ctx.plots) >= ctx.limits.plots:
        ctx.problem(call, "too_many_plots", f"At most {ctx.limits.plots} plots.")
    else:
        value = as_number(ctx, series, lower(ctx, series))
        if value is not None:
            ctx.plots[name] = value
