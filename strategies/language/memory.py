"""How much memory a run needs at once, from its graph alone."""

from collections import Counter
from collections.abc import Iterable, Mapping

from strategies.language.functions.registry import Kind
from strategies.language.graph import BASE, Graph, Node, Op, Type
from strategies.language.inputs import INPUTS
from strategies.language.warming import ratio_of

BYTES: Mapping[Type | Kind, int] = {
    Type.SERIES: 8,
    Type.CONDITION: 1,
    Kind.SERIES: 8,
    Kind.CONDITION: 1,
}
# What an operation holds besides its operands and its result while it computes, at
# most; a test measures each of them.
SCRATCH = 48
# Of a frame: six columns per bar of its own, and per base bar how many are over.
FRAME, FRAME_PER_BAR = 8, 48
# And while it is cut.
CUTTING, CUTTING_PER_BAR = 16, 48
# A root as it is made finite: its copy, and where it is finite.
FINISHING = 9


def peak_bytes(graph: Graph, roots: Iterable[int], timeframe_ms: int) -> float:
    """Return the bytes per bar at the worst moment, as the interpreter frees arrays."""
    wanted = set(roots)
    order = graph.reachable(wanted)
    uses = Counter(i for node in order for i in graph.nodes[node].operands)
    alive = frames = _frames(graph, order, timeframe_ms)
    peak = frames + kept_bytes(graph, wanted) + FINISHING
    sizes: dict[int, float] = {}
    for i in order:
        node = graph.nodes[i]
        ratio = ratio_of(node.frame, timeframe_ms)
        sizes[i] = _size(node) / ratio
        alive += sizes[i]
        peak = max(peak, alive + _scratch(graph, node, ratio))
        for operand in node.operands:
            uses[operand] -= 1
            if uses[operand] == 0 and operand not in wanted:
                alive -= sizes[operand]
    return peak


def kept_bytes(graph: Graph, roots: Iterable[int]) -> float:
    """Return the bytes per bar of the results, single values for all bars included."""
    return sum(
        1 if graph.nodes[root].type.is_logical else BYTES[Type.SERIES]
        for root in set(roots)
    )


def _frames(graph: Graph, nodes: Iterable[int], timeframe_ms: int) -> float:
    codes = {graph.nodes[i].frame for i in nodes} - {BASE}
    ratios = [ratio_of(code, timeframe_ms) for code in codes]
    return sum(FRAME + FRAME_PER_BAR / ratio for ratio in ratios)


def _size(node: Node) -> int:
    """Return the bytes per bar of what the node adds to the arrays that are alive."""
    if node.op is Op.INPUT and not INPUTS[str(node.payload)].cost:
        return 0  # the candles' own column
    if node.op is Op.CALL and node.function is not None:
        return BYTES[node.function.returns] * len(node.function.outputs)
    return BYTES.get(node.type, 0)


def _scratch(graph: Graph, node: Node, ratio: float) -> float:
    if not (node.type.is_array or node.type is Type.GROUP):
        return 0
    scratch = float(SCRATCH)
    if node.op is Op.CALL and node.function is not None:
        # A single value in the place of a series has one on every bar.
        for argument, i in zip(node.function.arguments, node.operands, strict=True):
            if not graph.nodes[i].type.is_array:
                scratch += BYTES.get(argument.kind, 0)
    if node.frame != BASE:
        return scratch / ratio + CUTTING + CUTTING_PER_BAR / ratio
    return scratch
