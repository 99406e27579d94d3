"""A checked program: its graph, its parameters, what it decides and shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from strategies.base import Pane, Parameter
from strategies.language.diagnostics import Diagnostic, Place
from strategies.language.graph import Graph, Op
from strategies.language.limits import Limits


@dataclass(frozen=True, slots=True)
class Shown:
    """A node that the report shows, and where."""

    node: int
    pane: Pane = "price"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A node that the parameters must make true, and where it stands in the text."""

    node: int
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """What ``compile_program`` makes of a text.

    ``outputs`` names nodes of the graph, and ``plots`` those that are shown;
    ``declared_at`` says where each parameter stands in the text, ``timeframes`` where
    each of those is first asked for, and ``warnings`` what in it is allowed and may not
    be meant.
    """

    code: str
    documentation: str
    graph: Graph
    parameters: tuple[Parameter, ...]
    declared_at: Mapping[str, Place]
    timeframes: Mapping[str, Place]
    outputs: Mapping[str, int]
    plots: Mapping[str, Shown]
    requirements: tuple[Requirement, ...]
    limits: Limits
    warnings: tuple[Diagnostic, ...]

    @property
    def roots(self) -> tuple[int, ...]:
        """Return the nodes that decide, without those that are only shown."""
        return tuple(self.outputs.values())

    @property
    def all_roots(self) -> tuple[int, ...]:
        """Return the nodes that decide, and then those that are only shown."""
        return (*self.roots, *(plot.node for plot in self.plots.values()))

    @property
    def functions(self) -> tuple[str, ...]:
        """Return the names of the functions that the program's results need."""
        nodes = self.graph.reachable(self.all_roots)
        used = {
            node.function.name
            for node in (self.graph.nodes[i] for i in nodes)
            if node.function is not None
        }
        if any(self.graph.nodes[i].op is Op.HTF for i in nodes):
            used.add("htf")
        return tuple(sorted(used))
