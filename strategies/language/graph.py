"""The operation graph: what a program is once it has been checked. Immutable."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from strategies.language.functions.registry import Function

# Candles of the strategy's own timeframe; other frames are called by their code.
BASE = ""
NO_PARAMETERS: frozenset[str] = frozenset()


class Type(StrEnum):
    """What a node's value is; the first three are one value for all bars."""

    NUMBER = "number"
    FLAG = "truth value"
    TEXT = "text"
    SERIES = "series"
    CONDITION = "condition"
    GROUP = "several series"

    @property
    def is_array(self) -> bool:
        return self in (Type.SERIES, Type.CONDITION)

    @property
    def is_numeric(self) -> bool:
        """Say whether one can compute with it; what is true counts as 1."""
        return self not in (Type.TEXT, Type.GROUP)

    @property
    def is_logical(self) -> bool:
        return self in (Type.FLAG, Type.CONDITION)


class Op(StrEnum):
    """The operations that are the language's own; the rest are calls."""

    CONSTANT = "constant"
    PARAMETER = "parameter"
    INPUT = "input"
    NEGATE = "-x"
    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    FLOOR_DIVIDE = "//"
    MODULO = "%"
    POWER = "**"
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    EQUAL = "=="
    NOT_EQUAL = "!="
    AND = "and"
    OR = "or"
    NOT = "not"
    CHOOSE = "if else"
    SHIFT = "x[n]"
    AS_NUMBER = "number of"
    CALL = "call"
    PICK = "output of"
    HTF = "htf"


type Payload = float | bool | str | int | None


class Node(NamedTuple):
    """One operation on earlier nodes.

    ``payload`` is a constant's value, a parameter's, input's or timeframe's name, or
    the number of the output that a PICK takes. ``frame`` is the timeframe whose bars
    an array has. ``whole`` says that a number is certainly a whole one.
    """

    op: Op
    type: Type
    operands: tuple[int, ...] = ()
    payload: Payload = None
    function: Function | None = None
    frame: str = BASE
    whole: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Return what is equal for nodes that compute the same."""
        if self.function is not None:
            return (self.function.name, self.operands, self.frame)
        if self.payload == 0.0:  # 0.0 and -0.0 are equal, and 1/x shows which it is
            return (*self, str(self.payload))
        return self


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in an order in which each comes after its operands.

    ``lines`` holds the line of the text in which each node first stands, and
    ``parameters`` the names of the parameters on which each depends.
    """

    nodes: tuple[Node, ...]
    lines: tuple[int, ...]
    parameters: tuple[frozenset[str], ...]

    def __len__(self) -> int:
        return len(self.nodes)

    def reachable(self, roots: Iterable[int]) -> tuple[int, ...]:
        """Return the nodes that the roots need, themselves included, in order."""
        return reachable(self.nodes, roots)


def reachable(
    nodes: Sequence[Node], roots: Iterable[int], known: Container[int] = ()
) -> tuple[int, ...]:
    """Return the nodes that the roots need, themselves included, in order; what is
    known is left out, and what that needs."""
    needed: set[int] = set()
    pending = list(roots)
    while pending:
        node = pending.pop()
        if node not in needed and node not in known:
            needed.add(node)
            pending.extend(nodes[node].operands)
    return tuple(sorted(needed))


class GraphBuilder:
    """A graph under construction, in which equal nodes are one node."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.lines: list[int] = []
        self.line = 1
        self._known: dict[tuple[object, ...], int] = {}
        self._parameters: list[frozenset[str]] = []

    def add(self, node: Node) -> int:
        """Return the number of the node, that of an equal one if there is one."""
        key = node.key
        known = self._known.get(key)
        if known is not None:
            return known
        self._known[key] = len(self.nodes)
        self.nodes.append(node)
        self.lines.append(self.line)
        names = NO_PARAMETERS
        for i in node.operands:
            names |= self._parameters[i]
        if node.op is Op.PARAMETER:
            names |= {str(node.payload)}
        self._parameters.append(names)
        return len(self.nodes) - 1

    def constant(self, value: float | bool | str, *, whole: bool = False) -> int:
        kind = Type.NUMBER
        if isinstance(value, bool):
            kind = Type.FLAG
        elif isinstance(value, str):
            kind = Type.TEXT
        return self.add(Node(Op.CONSTANT, kind, payload=value, whole=whole))

    def parameters_of(self, node: int) -> frozenset[str]:
        return self._parameters[node]

    def finish(self) -> Graph:
        return Graph(tuple(self.nodes), tuple(self.lines), tuple(self._parameters))
