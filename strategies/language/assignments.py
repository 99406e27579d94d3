"""Assignments: every name is bound once, to one value."""

import ast

from strategies.language.context import Binding, Context, Value
from strategies.language.diagnostics import place_of
from strategies.language.expressions import lower
from strategies.language.graph import Type
from strategies.language.inputs import INPUTS
from strategies.language.outputs import OUTPUTS
from strategies.language.spelling import listed

# The name of an output that nobody wants.
DISCARDED = "_"
COMPARE = "Two values are compared with ==; = gives a name its value."


def names_bound(statement: ast.Assign) -> list[str]:
    names = [t.id for t in _targets(statement) if isinstance(t, ast.Name)]
    return [name for name in names if name != DISCARDED]


def assign(ctx: Context, statement: ast.Assign) -> None:
    """Give the names on the left the values on the right."""
    if len(statement.targets) > 1:
        message = "One name per line; bind the second to the first."
        inner = statement.targets[-1]
        if not isinstance(inner, ast.Name) or inner.id in ctx.names | INPUTS.keys():
            message = COMPARE
        ctx.problem(statement, "chained_assignment", message)
        forgive(ctx, statement)
        return
    value = lower(ctx, statement.value)
    targets = _targets(statement)
    if not isinstance(statement.targets[0], ast.Tuple | ast.List):
        _bind(ctx, targets[0], _single(ctx, statement, value))
        return
    values = _unpacked(ctx, statement, value, targets)
    function, outputs = ctx.outputs_of(value) if isinstance(value, tuple) else ("", ())
    for i, (target, one) in enumerate(zip(targets, values, strict=True)):
        if isinstance(target, ast.Name) and target.id == DISCARDED:
            continue
        output = f"{outputs[i]} of {function}" if one is not None else ""
        _bind(ctx, target, one, output)


def forgive(ctx: Context, statement: ast.stmt) -> None:
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
        _without_value(ctx, name, statement)


def _without_value(ctx: Context, name: str, at: ast.expr | ast.stmt) -> None:
    if ctx.is_taken(name):
        ctx.rebound.add(name)
    else:
        ctx.names.setdefault(name, Binding(None, place_of(at), refused=True))


def _targets(statement: ast.Assign) -> list[ast.expr]:
    target = statement.targets[0]
    return target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def _single(ctx: Context, statement: ast.Assign, value: Value) -> Value:
    if isinstance(value, tuple):
        ctx.problem(statement, "several_outputs", ctx.several(value))
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
    ctx: Context, statement: ast.Assign, value: Value, targets: list[ast.expr]
) -> list[Value]:
    names = len(targets)
    if isinstance(value, tuple) and len(value) == names:
        wrong = _out_of_order(ctx, value, targets)
        if wrong is None:
            return list(value)
        ctx.problem(statement.targets[0], "swapped_outputs", wrong)
    elif isinstance(value, tuple):
        message = f"Here are {names} names. {ctx.several(value)}"
        ctx.problem(statement, "wrong_number_of_names", message)
    elif value is not None:
        message = f"Here are {names} names, and the right side has 1 value."
        ctx.problem(statement, "wrong_number_of_names", message)
    return [None] * names


def _out_of_order(
    ctx: Context, value: tuple[int, ...], targets: list[ast.expr]
) -> str | None:
    """Return what is wrong with names that are those of other outputs: the order is
    not the same in all languages."""
    function, outputs = ctx.outputs_of(value)
    names = [target.id if isinstance(target, ast.Name) else "" for target in targets]
    misplaced = [
        (name, output)
        for name, output in zip(names, outputs, strict=True)
        if name != output and name in outputs
    ]
    # One may be called so by chance; with another left out it is read in place of it.
    if len(misplaced) < (1 if DISCARDED in names else 2):
        return None
    name, output = misplaced[0]
    return (
        f"The outputs of {function} are {listed(outputs)}, in this order: {name} would "
        f"be its {output}."
    )


def _bind(ctx: Context, target: ast.expr, value: Value, output: str = "") -> None:
    if not isinstance(target, ast.Name):
        message = "Only a plain name can be given a value: enter_long = close > open."
        ctx.problem(target, "bad_target", message)
        return
    name = target.id
    wrong = _name_problem(ctx, name)
    if wrong is not None:
        ctx.problem(target, *wrong)
        _without_value(ctx, name, target)
        return
    checked = _checked_output(ctx, target, value)
    ctx.names[name] = Binding(checked, place_of(target), output)


def _name_problem(ctx: Context, name: str) -> tuple[str, str] | None:
    if name.startswith("_"):
        sentence = "Names do not begin with an underscore."
        return "bad_name", f"{sentence} A single one leaves out one of several outputs."
    if len(name) > ctx.limits.name_length:
        return "bad_name", f"A name has at most {ctx.limits.name_length} characters."
    if ctx.is_taken(name):
        message = f"{name} belongs to the language; use another name, my_{name}."
        return "builtin_name", message
    if name in ctx.names:
        line = ctx.names[name].line
        message = f"{name} has a value since line {line}; a name is bound once."
        return "bound_twice", message
    return None


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
