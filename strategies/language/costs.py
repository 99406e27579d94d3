"""What a run will cost, before it runs: time and memory, and which line is to blame."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from botforge.errors import FieldError
from strategies.language.graph import Graph, Node, Op, Type
from strategies.language.inputs import INPUTS
from strategies.language.operators import COSTS
from strategies.language.program import Program
from strategies.language.warming import ratio_of

BYTES = {Type.SERIES: 8, Type.CONDITION: 1}


@dataclass(frozen=True, slots=True)
class Cost:
    """The estimate per bar: additions, and bytes when most arrays are alive.

    ``line`` is the most expensive line of the text and ``share`` its part of the cost.
    """

    additions_per_bar: float
    bytes_per_bar: float
    line: int
    share: float


def cost_of(program: Program, timeframe_ms: int) -> Cost:
    graph = program.graph
    roots = program.all_roots
    by_line: defaultdict[int, float] = defaultdict(float)
    for i in graph.reachable(roots):
        node = graph.nodes[i]
        if node.type.is_array or node.type is Type.GROUP:
            ratio = ratio_of(node.frame, timeframe_ms)
            by_line[graph.lines[i]] += _additions(node) / ratio
    total = sum(by_line.values())
    line = min(by_line, key=lambda n: (-by_line[n], n), default=1)
    share = by_line[line] / total if total else 0.0
    return Cost(total, _peak_bytes(graph, roots, timeframe_ms), line, share)


def check_cost(
    program: Program, bars: int, timeframe_ms: int
) -> tuple[FieldError, ...]:
    """Return why a run would take too long, or too much memory."""
    errors = []
    cost, limits = cost_of(program, timeframe_ms), program.limits
    blame = f"line {cost.line} costs most, {cost.share:.0%}"
    additions, size = cost.additions_per_bar * bars, cost.bytes_per_bar * bars
    if additions > limits.cost:
        message = (
            f"Over {bars:,} bars this costs {additions:.2g} additions, more than "
            f"{limits.cost:.2g}: {blame}. Use fewer bars or fewer functions."
        )
        errors.append(FieldError("/strategy", "too_expensive", message))
    if size > limits.memory_bytes:
        message = (
            f"Over {bars:,} bars this needs {size / 2**20:,.0f} MiB at once, more than "
            f"{limits.memory_bytes / 2**20:,.0f}: {blame}. Use fewer bars, or use each "
            "name soon after it is bound."
        )
        errors.append(FieldError("/strategy", "too_much_memory", message))
    return tuple(errors)


def _additions(node: Node) -> float:
    if node.op is Op.CALL and node.function is not None:
        return node.function.cost
    if node.op is Op.INPUT:
        return INPUTS[str(node.payload)].cost
    return COSTS.get(node.op, 1.0)


def _peak_bytes(graph: Graph, roots: Iterable[int], timeframe_ms: int) -> float:
    """Return the bytes per bar at the worst moment, as the interpreter frees arrays."""
    wanted = set(roots)
    order = graph.reachable(wanted)
    uses = Counter(i for node in order for i in graph.nodes[node].operands)
    alive = peak = 0.0
    sizes: dict[int, float] = {}
    for i in order:
        sizes[i] = _bytes(graph.nodes[i]) / ratio_of(graph.nodes[i].frame, timeframe_ms)
        alive += sizes[i]
        peak = max(peak, alive)
        for operand in graph.nodes[i].operands:
            uses[operand] -= 1
            if uses[operand] == 0 and operand not in wanted:
                alive -= sizes[operand]
    return peak


def _bytes(node: Node) -> int:
    if node.op is Op.CALL and node.function is not None:
        one = BYTES[Type(str(node.function.returns))]
        return one * len(node.function.outputs)
    return BYTES.get(node.type, 0)
