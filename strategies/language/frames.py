"""htf(): the same expression over the bars of a higher timeframe."""

import ast
from collections.abc import Mapping
from typing import NamedTuple

from marketdata.timeframes import CODES
from strategies.language.binding import bind
from strategies.language.context import Context, Value
from strategies.language.diagnostics import place_of
from strategies.language.graph import Node, Op, Type, reachable
from strategies.language.spelling import nearest

ARGUMENTS = ("timeframe", "expr")
# As others write them: Pine in minutes and capitals.
MEANT: Mapping[str, str] = {
    **{"1": "1m", "3": "3m", "5": "5m", "15": "15m", "30": "30m", "60": "1h"},
    **{"120": "2h", "240": "4h", "360": "6h", "480": "8h", "720": "12h"},
    **{"1440": "1d", "h": "1h", "d": "1d", "w": "1w", "24h": "1d", "7d": "1w"},
    **{"hour": "1h", "day": "1d", "daily": "1d", "week": "1w", "weekly": "1w"},
    **{"60m": "1h", "120m": "2h", "240m": "4h", "1hour": "1h", "1day": "1d"},
    **{f"{code}in": code for code in CODES if code.endswith("m")},
}
EXAMPLE = 'htf("1d", close > sma(close, 50))'


class Nested(NamedTuple):
    """An htf() inside another."""

    timeframe: str
    line: int


def higher(ctx: Context, call: ast.Call, values: Mapping[int, Value]) -> Value:
    """Return the expression as it stands on the last complete higher bar."""
    bound = bind(ctx, call, ARGUMENTS, 2, EXAMPLE)
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
    if isinstance(lifted, Nested):
        message = (
            f'htf("{code}", ...) uses htf("{lifted.timeframe}", ...) of line '
            f"{lifted.line}, and one cannot stand inside the other: compute each by "
            f'itself and compare them, htf("{code}", x) > htf("{lifted.timeframe}", y).'
        )
        ctx.problem(call, "nested_htf", message)
        return None
    ctx.timeframes.setdefault(code, place_of(call))
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
        text = str(node.payload)
        # A capital M is a month, and there are none.
        near = None if text.endswith("M") else nearest(text, CODES)
        meant = MEANT.get(text.lower(), near)
        if meant is not None:
            message += f" Did you mean `{meant}`?"
        ctx.problem(at, "not_a_choice", message, meant)
        return None
    return str(node.payload)


def _lift(ctx: Context, roots: tuple[int, ...], frame: str) -> list[int] | Nested:
    """Return copies of the nodes in the frame, or the other htf() that is in them.

    What has been copied before is not looked at again.
    """
    builder, copies = ctx.builder, ctx.copies.setdefault(frame, {})
    nodes = reachable(builder.nodes, roots, copies)
    for i in nodes:
        if builder.nodes[i].op is Op.HTF:
            return Nested(str(builder.nodes[i].payload), builder.lines[i])
    for i in nodes:
        node = builder.nodes[i]
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
