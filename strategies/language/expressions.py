"""Expressions to nodes, with a stack of our own: a tree of any depth is walked."""

import ast
from collections.abc import Mapping

from strategies.language.arithmetic import (
    Operand,
    binary,
    choose,
    combine,
    negate,
    shift,
)
from strategies.language.attributes import refuse_attribute
from strategies.language.calls import call
from strategies.language.context import CONSTRUCTS, Context, Value
from strategies.language.declarations import declare
from strategies.language.frames import higher
from strategies.language.graph import Node, Op, Type
from strategies.language.inputs import INPUTS
from strategies.language.refusals import EXPRESSIONS, OPERATORS, UNKNOWN
from strategies.language.spelling import shown
from strategies.language.synonyms import plain

BINARY: Mapping[type[ast.AST], Op] = {
    ast.Add: Op.ADD,
    ast.Sub: Op.SUBTRACT,
    ast.Mult: Op.MULTIPLY,
    ast.Div: Op.DIVIDE,
    ast.FloorDiv: Op.FLOOR_DIVIDE,
    ast.Mod: Op.MODULO,
    ast.Pow: Op.POWER,
    ast.Lt: Op.LESS,
    ast.LtE: Op.LESS_EQUAL,
    ast.Gt: Op.GREATER,
    ast.GtE: Op.GREATER_EQUAL,
    ast.Eq: Op.EQUAL,
    ast.NotEq: Op.NOT_EQUAL,
}
# Calls that are statements, as they are written.
ALONE = {"plot": 'plot("name", series)', "require": "require(fast < slow)"}
TESTS_OF_NAN = frozenset({"na", "isna", "isnan", "isnull", "notna", "notnan"})
LEAVES = (ast.Name, ast.Constant)
PLAIN_NAME = "Only functions of the language can be called, by their plain name."


def lower(ctx: Context, root: ast.expr) -> Value:
    """Return the value of the expression; what is wrong with it is reported."""
    values: dict[int, Value] = {}
    pending: list[tuple[ast.expr, int, bool]] = [(root, 1, False)]
    while pending:
        node, depth, ready = pending.pop()
        if ready or isinstance(node, LEAVES):
            ctx.builder.line = node.lineno
            values[id(node)] = _value(ctx, node, values)
        elif _refused(ctx, node):
            values[id(node)] = None
        elif depth > ctx.limits.depth:
            message = f"Nested more than {ctx.limits.depth} levels deep."
            ctx.problem(node, "too_deep", message)
            return None
        else:
            pending.append((node, depth, True))
            children = _children(node)
            ctx.parts += 1 + len(children)
            pending += [(child, depth + 1, False) for child in reversed(children)]
            if isinstance(node, ast.BinOp):
                # A sum leans to the left: a longer one is no deeper.
                pending[-1] = (node.left, depth, False)
    _check_size(ctx, root)
    return values[id(root)]


def _check_size(ctx: Context, at: ast.expr) -> None:
    """Raise ``CodeRejected`` as soon as the program is too large."""
    if ctx.parts > ctx.limits.nodes:
        message = f"The program has more than {ctx.limits.nodes:,} parts."
        ctx.problem(at, "too_many_nodes", message)
        ctx.report.check()
    if ctx.calls > ctx.limits.calls:
        message = f"The program has more than {ctx.limits.calls} calls."
        ctx.problem(at, "too_many_calls", message)
        ctx.report.check()


def _children(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp():
            return [node.left, node.right]
        case ast.UnaryOp():
            return [node.operand]
        case ast.BoolOp():
            return node.values
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.IfExp():
            return [node.test, node.body, node.orelse]
        case ast.Subscript():
            return [node.value, node.slice]
        case ast.Call() if called(node) != "param":
            return [*node.args, *(keyword.value for keyword in node.keywords)]
    return []


def called(node: ast.Call) -> str | None:
    return node.func.id if isinstance(node.func, ast.Name) else None


def _refused(ctx: Context, node: ast.expr) -> bool:
    """Report a construct that the grammar leaves out."""
    refusal = EXPRESSIONS.get(type(node))
    if isinstance(node, ast.Attribute):
        refuse_attribute(ctx, node)
        return True
    if isinstance(node, (ast.BinOp, ast.UnaryOp)):
        refusal = OPERATORS.get(type(node.op))
    elif isinstance(node, ast.Compare):
        refused = (OPERATORS[type(op)] for op in node.ops if type(op) in OPERATORS)
        refusal = next(refused, None)
    elif isinstance(node, ast.Call) and called(node) is None:
        if isinstance(node.func, ast.Attribute):
            refuse_attribute(ctx, node.func)
            return True
        inner = EXPRESSIONS.get(type(node.func))
        refusal = inner or ("not_a_function", PLAIN_NAME)
    if refusal is not None:
        ctx.problem(node, *refusal)
    return refusal is not None


def _value(ctx: Context, node: ast.expr, values: Mapping[int, Value]) -> Value:
    match node:
        case ast.Constant():
            return _constant(ctx, node)
        case ast.Name():
            return _name(ctx, node)
        case ast.Call():
            return _call(ctx, node, values)
    operands = [Operand(child, values[id(child)]) for child in _children(node)]
    return _operation(ctx, node, operands)


def _operation(ctx: Context, node: ast.expr, operands: list[Operand]) -> Value:
    match node:
        case ast.BinOp():
            return binary(ctx, BINARY[type(node.op)], *operands)
        case ast.UnaryOp(op=ast.Not()):
            return combine(ctx, Op.NOT, operands)
        case ast.UnaryOp():
            return negate(ctx, *operands)
        case ast.BoolOp():
            op = Op.AND if isinstance(node.op, ast.And) else Op.OR
            return combine(ctx, op, operands)
        case ast.Compare():
            return _compare(ctx, node, operands)
        case ast.IfExp():
            return choose(ctx, *operands)
        case ast.Subscript():
            value, index = operands
            return shift(ctx, node, value.value, index.value)
    ctx.problem(node, *UNKNOWN)
    return None


def _constant(ctx: Context, node: ast.Constant) -> Value:
    value = node.value
    if isinstance(value, bool):
        return ctx.builder.constant(value)
    if isinstance(value, str):
        if len(value) <= ctx.limits.text_length:
            return ctx.builder.constant(value)
        ctx.problem(node, "long_text", "Texts are short here.")
        return None
    if isinstance(value, int | float):
        try:
            return ctx.builder.constant(float(value), whole=isinstance(value, int))
        except OverflowError:
            ctx.problem(node, "huge_number", "This number is too large.")
            return None
    names = {type(None): "None", complex: "A complex number", bytes: "A byte string"}
    title = names.get(type(value), "An ellipsis")
    ctx.problem(node, "bad_constant", f"{title} is not part of the language.")
    return None


def _name(ctx: Context, node: ast.Name) -> Value:
    name = node.id
    ctx.used.add(name)
    ctx.only_shown.discard(name)
    if name in ctx.names:
        return ctx.names[name].value
    if name in INPUTS:
        return ctx.builder.add(Node(Op.INPUT, Type.SERIES, payload=name))
    if name in ctx.rebound:
        return None
    if name in ctx.functions or name in CONSTRUCTS:
        message = f"{name} is a function: write {name}(...)."
        ctx.problem(node, "not_called", message)
    elif name in ctx.later:
        message = (
            f"{shown(name)} has no value yet; it gets one on line {ctx.later[name]}."
        )
        if ctx.later[name] == ctx.statement:
            message = (
                f"{shown(name)} cannot build on its own past: all bars are computed at "
                "once. Functions do that: ema, rma, cum, since, latch, ratchet."
            )
        ctx.problem(node, "used_before", message)
    else:
        known = {*ctx.names, *INPUTS, *ctx.functions, "True", "False"}
        message = f"There is no {shown(name)}."
        if name.lower() in ("nan", "na", "null"):
            message += " What is not known is NaN by itself; nz(x) replaces it."
        ctx.unknown(node, "unknown_name", message, name, known)
    return None


def _compare(ctx: Context, node: ast.Compare, sides: list[Operand]) -> Value:
    pairs = zip(node.ops, sides, sides[1:], strict=False)
    tests = [binary(ctx, BINARY[type(op)], a, b) for op, a, b in pairs]
    return combine(ctx, Op.AND, [Operand(node, test) for test in tests])


def _call(ctx: Context, node: ast.Call, values: Mapping[int, Value]) -> Value:
    name = called(node) or ""
    ctx.calls += 1
    if name in ctx.names:
        if ctx.names[name].value is not None:
            message = f"{name} is a value, not a function."
            ctx.problem(node, "not_a_function", message)
    elif name in ctx.functions:
        return call(ctx, node, ctx.functions[name], values)
    elif name == "param":
        return declare(ctx, node)
    elif name == "htf":
        return higher(ctx, node, values)
    elif name in ALONE:
        message = f"{name} stands alone on its line: {ALONE[name]}."
        ctx.problem(node, f"{name}_in_expression", message)
    elif name in INPUTS:
        message = f"{name} is a series: write {name} without brackets."
        ctx.problem(node, "not_a_function", message)
    else:
        known = {*ctx.functions, *CONSTRUCTS}
        message = f"There is no {shown(name)}()."
        if plain(name) in TESTS_OF_NAN:
            message += " A comparison with NaN is False, x == x too; nz(x) replaces it."
        ctx.unknown(node, "unknown_function", message, name, known)
    return None
