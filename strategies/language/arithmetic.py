"""Operators with their type rules; what is constant is computed at once."""

import math
from typing import NamedTuple

from strategies.language.context import Context, Value
from strategies.language.diagnostics import Located
from strategies.language.graph import Node, Op, Type
from strategies.language.operators import COMPARISONS, WHOLE, apply_scalar
from strategies.language.spelling import listed


class Operand(NamedTuple):
    """A value, and the expression that it comes from."""

    at: Located
    value: Value


def binary(ctx: Context, op: Op, left: Operand, right: Operand) -> Value:
    """Return arithmetic on, or a comparison of, two values."""
    if left.value is None or right.value is None:
        return None
    if op in (Op.EQUAL, Op.NOT_EQUAL):
        sides = [o.value for o in (left, right) if isinstance(o.value, int)]
        texts = [value for value in sides if ctx.type_of(value) is Type.TEXT]
        if len(texts) == 2:
            if _never_equal(ctx, left, right):
                return None
            return _add(ctx, Node(op, Type.FLAG, (texts[0], texts[1])))
    a, b = as_number(ctx, *left), as_number(ctx, *right)
    if a is None or b is None:
        return None
    arrays = ctx.type_of(a).is_array or ctx.type_of(b).is_array
    if op in COMPARISONS:
        kind = Type.CONDITION if arrays else Type.FLAG
    else:
        kind = Type.SERIES if arrays else Type.NUMBER
    return _add(ctx, Node(op, kind, (a, b)))


def _never_equal(ctx: Context, left: Operand, right: Operand) -> bool:
    """Report a text that a parameter is compared with and cannot have."""
    for one, other in ((left, right), (right, left)):
        assert isinstance(one.value, int)  # noqa: S101 - it is one text
        assert isinstance(other.value, int)  # noqa: S101 - it is one text
        node = ctx.builder.nodes[one.value]
        if node.op is not Op.PARAMETER:
            continue
        choices = ctx.parameters[str(node.payload)].choices
        given = ctx.builder.nodes[other.value].payload
        known = ctx.builder.nodes[other.value].op is Op.CONSTANT
        if known and choices is not None and given not in choices:
            texts = [str(choice) for choice in choices]
            message = f"{node.payload} is never {given!r}, but one of {listed(texts)}."
            ctx.unknown(other.at, "not_a_choice", message, str(given), texts)
            return True
    return False


def negate(ctx: Context, operand: Operand) -> Value:
    number = as_number(ctx, *operand)
    if number is None:
        return None
    return _add(ctx, Node(Op.NEGATE, ctx.builder.nodes[number].type, (number,)))


def combine(ctx: Context, op: Op, operands: list[Operand]) -> Value:
    """Return all values joined by ``and`` or ``or``, or the one value's ``not``."""
    logical = [as_condition(ctx, *operand) for operand in operands]
    nodes = [node for node in logical if node is not None]
    if len(nodes) < len(operands):
        return None
    if op is Op.NOT:
        return _add(ctx, Node(op, ctx.builder.nodes[nodes[0]].type, (nodes[0],)))
    result = nodes[0]
    for node in nodes[1:]:
        arrays = any(ctx.builder.nodes[i].type.is_array for i in (result, node))
        kind = Type.CONDITION if arrays else Type.FLAG
        result = _add(ctx, Node(op, kind, (result, node)))
    return result


def choose(ctx: Context, test: Operand, yes: Operand, no: Operand) -> Value:
    """Return ``yes if test else no`` for every bar."""
    condition = as_condition(ctx, *test)
    if condition is None or yes.value is None or no.value is None:
        return None
    logical = all(
        ctx.type_of(o.value).is_logical for o in (yes, no) if o.value is not None
    )
    convert = as_condition if logical else as_number
    branches = [convert(ctx, *branch) for branch in (yes, no)]
    nodes = [branch for branch in branches if branch is not None]
    if len(nodes) < 2:
        return None
    decided = ctx.builder.nodes[condition]
    if decided.op is Op.CONSTANT:
        return nodes[0] if decided.payload else nodes[1]
    arrays = any(ctx.builder.nodes[i].type.is_array for i in (condition, *nodes))
    if logical:
        kind = Type.CONDITION if arrays else Type.FLAG
    else:
        kind = Type.SERIES if arrays else Type.NUMBER
    return _add(ctx, Node(Op.CHOOSE, kind, (condition, *nodes)))


def shift(ctx: Context, at: Located, value: Value, index: Value) -> Value:
    """Return ``value[index]``: what it was that many bars ago."""
    if value is None or index is None:
        return None
    if isinstance(value, tuple):
        message = f"{ctx.several(value)} Then each has a past: x[n]."
        ctx.problem(at, "several_outputs", message)
        return None
    if not ctx.type_of(value).is_array:
        kind = ctx.type_of(value)
        ctx.problem(at, "no_past", f"A {kind} has no bars; x[n] needs a series.")
        return None
    offset = None if isinstance(index, tuple) else ctx.builder.nodes[index]
    if offset is None or not offset.whole or offset.type is not Type.NUMBER:
        rule = "n of x[n] must be a whole number: a constant or an int parameter."
        ctx.problem(at, "bad_index", rule)
        return None
    most = ctx.limits.window
    if isinstance(offset.payload, float):
        if offset.payload < 0:
            rule = "x[n] looks back, never ahead: n must not be negative."
            ctx.problem(at, "future", rule)
            return None
        if offset.payload > most:
            ctx.problem(at, "bad_index", f"x[n] reaches back at most {most} bars.")
            return None
        if offset.payload == 0:
            return value
    assert isinstance(index, int)  # noqa: S101 - it has a node
    return _add(ctx, Node(Op.SHIFT, ctx.builder.nodes[value].type, (value, index)))


def as_number(ctx: Context, at: Located, value: Value) -> int | None:
    """Return the value to compute with: what is true counts as 1."""
    if value is None:
        return None
    kind = ctx.type_of(value)
    if isinstance(value, tuple) or kind is Type.TEXT:
        _refuse(ctx, at, value, "a number or a series")
        return None
    if not kind.is_logical:
        return value
    number = Type.NUMBER if kind is Type.FLAG else Type.SERIES
    return _add(ctx, Node(Op.AS_NUMBER, number, (value,)))


def as_condition(ctx: Context, at: Located, value: Value) -> int | None:
    """Return the value if it is true or false on every bar."""
    if value is None:
        return None
    if isinstance(value, int) and ctx.type_of(value).is_logical:
        return value
    _refuse(ctx, at, value, "a condition")
    return None


def _refuse(
    ctx: Context, at: Located, value: int | tuple[int, ...], wanted: str
) -> None:
    kind = ctx.type_of(value)
    if isinstance(value, tuple):
        ctx.problem(at, "several_outputs", ctx.several(value))
        return
    remedy = "; compare it with something, x > 0" if kind.is_numeric else ""
    ctx.problem(at, "wrong_type", f"Here goes {wanted}, not a {kind}{remedy}.")


def _add(ctx: Context, node: Node) -> int:
    """Add the node, or the constant that it comes to."""
    builder = ctx.builder
    if node.type.is_array:
        return builder.add(node)
    operands = [builder.nodes[i] for i in node.operands]
    whole = node.op in WHOLE and all(o.whole for o in operands)
    if any(o.op is not Op.CONSTANT for o in operands):
        return builder.add(node._replace(whole=whole and node.type is Type.NUMBER))
    values = [o.payload for o in operands if o.payload is not None]
    result = apply_scalar(node.op, *values)
    if isinstance(result, bool):
        return builder.constant(result)
    return builder.constant(result, whole=whole and math.isfinite(result))
