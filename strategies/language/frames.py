"""htf(): the same expression over the bars of a higher timeframe."""

import ast
from collections.abc import Mapping

from marketdata.timeframes import CODES
from strategies.language.binding import bind
from strategies.language.context import Context, Value
from strategies.language.graph import BASE, Graph, Node, Op, Type

ARGUMENTS = ("timeframe", "expr")


def higher(ctx: Context, call: ast.Call, values: Mapping[int, Value]) -> Value:
    """Return the expression as it stands on the last complete higher bar."""
    bound = bind(ctx, call, ARGUMENTS, 2)
    if bound is None:
        return None
    code = _timeframe(ctx, bound["timeframe"], values[id(bound["timeframe"])])
    inner = values[id(bound["expr"])]
    if code is None or inner is None:
        return None
    roots = (inner,) if isinstance(inner, int) else inner
    if not all(ctx.builder.nodes[root].type.is_array for root in roots):
        message = "htf needs a series; a single value is the same on every timeframe."
        ctx.problem(bound["expr"], "wrong_type", message)
        return None
    lifted = _lift(ctx, roots, code)
    if lifted is None:
        message = "htf cannot stand inside htf; give each timeframe its own."
        ctx.problem(call, "nested_htf", message)
        return None
    outputs = tuple(
        ctx.builder.add(Node(Op.HTF, ctx.builder.nodes[i].type, (i,), payload=code))
        for i in lifted
    )
    return outputs if isinstance(inner, tuple) else outputs[0]


def _timeframe(ctx: Context, at: ast.expr, value: Value) -> str | None:
    node = ctx.builder.nodes[value] if isinstance(value, int) else None
    if node is None or node.op is not Op.CONSTANT or node.type is not Type.TEXT:
        if value is not None:
            message = 'The timeframe of htf must be written out, "1d".'
            ctx.problem(at, "wrong_type", message)
        return None
    if node.payload not in CODES:
        message = f"The timeframe of htf must be one of {', '.join(CODES)}."
        ctx.unknown(at, "not_a_choice", message, str(node.payload), CODES)
        return None
    return str(node.payload)


def _lift(ctx: Context, roots: tuple[int, ...], frame: str) -> list[int] | None:
    """Return copies of the nodes in the frame; None if there is another in them."""
    builder = ctx.builder
    nodes = Graph(tuple(builder.nodes), (), ()).reachable(roots)
    copies: dict[int, int] = {}
    for i in nodes:
        node = builder.nodes[i]
        if node.op is Op.HTF or node.frame != BASE:
            return None
        if not (node.type.is_array or node.type is Type.GROUP):
            copies[i] = i
            continue
        copies[i] = builder.add(
            Node(
                node.op,
                node.type,
                tuple(copies[operand] for operand in node.operands),
                node.payload,
                node.function,
                frame,
            )
        )
    return [copies[root] for root in roots]
