"""What a run will cost, before it runs: time and memory, and which line is to blame."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from botforge.errors import FieldError
from strategies.base import Values
from strategies.language.graph import Node, Op, Type
from strategies.language.inputs import INPUTS
from strategies.language.memory import peak_bytes
from strategies.language.operators import COSTS
from strategies.language.program import Program
from strategies.language.scalars import Scalars, scalars_of
from strategies.language.warming import ratio_of

# Bars of a higher timeframe: per base bar, and per bar of its own.
CUTTING, CUTTING_PER_BAR = 20.0, 90.0
# A result is made finite, or one value of all bars.
FINISHING = 4.0


@dataclass(frozen=True, slots=True)
class Cost:
    """The estimate per bar: additions, and bytes when most arrays are alive.

    ``line`` is the most expensive line of the text and ``share`` its part of the cost.
    """

    additions_per_bar: float
    bytes_per_bar: float
    line: int
    share: float


def cost_of(
    program: Program, timeframe_ms: int, parameters: Values | None = None
) -> Cost:
    """Return the estimate under these parameters, the worst of all without any."""
    graph = program.graph
    scalars = None if parameters is None else scalars_of(graph, parameters)
    roots = program.all_roots
    by_line: defaultdict[int, float] = defaultdict(float)
    for i in graph.reachable(roots):
        node = graph.nodes[i]
        if node.type.is_array or node.type is Type.GROUP:
            ratio = ratio_of(node.frame, timeframe_ms)
            by_line[graph.lines[i]] += _additions(program, node, scalars) / ratio
    for line, additions in _cutting(program, timeframe_ms):
        by_line[line] += additions
    for root in set(roots):
        if not graph.nodes[root].type.is_logical:
            by_line[graph.lines[root]] += FINISHING
    total = sum(by_line.values())
    line = min(by_line, key=lambda n: (-by_line[n], n), default=1)
    share = by_line[line] / total if total else 0.0
    return Cost(total, peak_bytes(graph, roots, timeframe_ms), line, share)


def check_cost(
    program: Program,
    bars: int,
    timeframe_ms: int,
    parameters: Values | None = None,
) -> tuple[FieldError, ...]:
    """Return why a run would take too long, or too much memory."""
    errors = []
    cost = cost_of(program, timeframe_ms, parameters)
    limits = program.limits
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


def _additions(program: Program, node: Node, scalars: Scalars | None) -> float:
    if node.op is Op.CALL and node.function is not None:
        function = node.function
        if not function.cost_per_length:
            return function.cost
        at = function.names.index("length")
        length = node.operands[at]
        known = None if scalars is None else scalars[length]
        most = function.arguments[at].maximum or program.limits.window
        longest = _longest(program, length) if known is None else float(known)
        return function.cost + function.cost_per_length * min(longest, most)
    if node.op is Op.INPUT:
        return INPUTS[str(node.payload)].cost
    return COSTS.get(node.op, 1.0)


def _longest(program: Program, i: int) -> float:
    """Return the longest window that the node can stand for, in bars."""
    node, longest = program.graph.nodes[i], float(program.limits.window)
    if node.op is Op.CONSTANT and isinstance(node.payload, float):
        return node.payload
    for parameter in program.parameters:
        if node.op is Op.PARAMETER and parameter.name == node.payload:
            if parameter.choices is not None:
                return max(map(float, parameter.choices))
            return min(parameter.maximum or longest, longest)
    return longest


def _cutting(program: Program, timeframe_ms: int) -> Iterator[tuple[int, float]]:
    """Yield what each frame of the program costs, and the line that asks first."""
    nodes = program.graph.nodes
    codes = {nodes[i].frame for i in program.graph.reachable(program.all_roots)}
    for code, place in program.timeframes.items():
        if code in codes:
            ratio = ratio_of(code, timeframe_ms)
            yield place.line, CUTTING + CUTTING_PER_BAR / ratio
