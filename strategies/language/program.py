"""A checked program: its graph, its parameters, what it decides and shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from strategies.base import Parameter
from strategies.language.diagnostics import Place
from strategies.language.graph import Graph, Op
from strategies.language.limits import Limits


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """What ``compile_program`` makes of a text.

    ``outputs`` and ``plots`` name nodes of the graph; ``declared_at`` says where each
    parameter stands in the text.
    """

    code: str
    documentation: str
    graph: Graph
    parameters: tuple[Parameter, ...]
    declared_at: Mapping[str, Place]
    outputs: Mapping[str, int]
    plots: Mapping[str, int]
    limits: Limits

    @property
    def roots(self) -> tuple[int, ...]:
        """Return the nodes that decide, without those that are only shown."""
        return tuple(self.outputs.values())

    @property
    def functions(self) -> tuple[str, ...]:
        """Return the names of the functions that the program's results need."""
        nodes = self.graph.reachable((*self.roots, *self.plots.values()))
        used = {
            node.function.name
            for node in (self.graph.nodes[i] for i in nodes)
            if node.function is not None
        }
        if any(self.graph.nodes[i].op is Op.HTF for i in nodes):
            used.add("htf")
        return tuple(sorted(used))
