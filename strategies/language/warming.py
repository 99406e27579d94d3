"""Warm-up: how many bars a program needs before every output is defined."""

from collections.abc import Mapping

from marketdata.timeframes import Timeframe
from strategies.base import Values
from strategies.language.calls import constants_of
from strategies.language.graph import BASE, Node, Op
from strategies.language.program import Program
from strategies.language.scalars import Scalars, scalars_of


def warmup_of(program: Program, parameters: Values, timeframe_ms: int) -> int:
    """Return the first bar (0-based) at which every output is defined.

    The parameters have passed their check. What waits for an event, such as the bars
    since one, is counted as defined: nobody knows when it happens.
    """
    graph = program.graph
    scalars = scalars_of(graph, parameters)
    bars: dict[int, int] = {}
    for i in graph.reachable(program.roots):
        bars[i] = _bars(graph.nodes[i], bars, scalars, timeframe_ms)
    return max((bars[i] for i in program.roots), default=0)


def _bars(
    node: Node, bars: Mapping[int, int], scalars: Scalars, timeframe_ms: int
) -> int:
    before = max((bars[i] for i in node.operands), default=0)
    if node.op is Op.SHIFT:
        offset = scalars[node.operands[1]]
        return before + int(offset or 0)
    if node.op is Op.CHOOSE:
        return _bars_of_choice(node, bars, scalars)
    if node.op is Op.CALL and node.function is not None:
        return before + node.function.warmup(*constants_of(node, scalars))
    if node.op is Op.HTF:
        return _bars_below(before, str(node.payload), timeframe_ms)
    return before


def _bars_of_choice(node: Node, bars: Mapping[int, int], scalars: Scalars) -> int:
    """Return the bars of the branch that is taken, of both where that can change."""
    test, yes, no = node.operands
    decided = scalars[test]
    if decided is None:
        return max(bars[test], bars[yes], bars[no])
    return bars[yes] if decided else bars[no]


def _bars_below(higher_bars: int, code: str, timeframe_ms: int) -> int:
    """Return the base bars until a higher timeframe has a value after so many bars.

    At worst the data begin just after a higher bar has opened: that one is incomplete
    and does not count.
    """
    ratio = max(1, Timeframe.parse(code).ms // timeframe_ms)
    return (ratio - 1) + (higher_bars + 1) * ratio - 1


def ratio_of(frame: str, timeframe_ms: int) -> int:
    """Return how many base bars make one bar of the frame."""
    if frame == BASE:
        return 1
    return max(1, Timeframe.parse(frame).ms // timeframe_ms)
