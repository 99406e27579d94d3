"""Which arrays are the same whatever node they come from, once parameters have values.

``sma(close, fast)`` and ``sma(close, slow)`` are two nodes, and in a sweep of both
lengths one line for each length that they share.
"""

from strategies.language.graph import Graph
from strategies.language.scalars import Scalars


class Identities:
    """Numbers for what nodes compute, equal for equal work, over many sets."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[tuple[object, ...], int] = {}

    def of(self, root: int, scalars: Scalars) -> int:
        """Return the number of what the node computes under these single values."""
        numbers: dict[int, int] = {}
        for i in self._graph.reachable((root,)):
            node, scalar = self._graph.nodes[i], scalars[i]
            operands = tuple(numbers[operand] for operand in node.operands)
            key: tuple[object, ...] = node._replace(operands=operands).key
            if scalar is not None:  # True equals 1.0, and 0.0 equals -0.0
                key = (type(scalar), repr(scalar))
            numbers[i] = self._known.setdefault(key, len(self._known))
        return numbers[root]
