"""What is known of a program while it is being checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from strategies.base import Parameter
from strategies.language.diagnostics import Located, Place, Report, place_of
from strategies.language.functions.registry import Function
from strategies.language.graph import GraphBuilder, Op, Type
from strategies.language.inputs import INPUTS
from strategies.language.limits import Limits
from strategies.language.program import Requirement, Shown
from strategies.language.spelling import nearest

# A node, the nodes of several outputs, or None for what is wrong and reported.
type Value = int | tuple[int, ...] | None

# Called like functions, but they are part of the language itself.
CONSTRUCTS = ("param", "plot", "htf", "require")


@dataclass(frozen=True, slots=True)
class Binding:
    """What a name stands for, and where it got that; with ``output`` it is one of
    several of a function, with ``refused`` the whole statement is wrong."""

    value: Value
    place: Place
    output: str = ""
    refused: bool = False

    @property
    def line(self) -> int:
        return self.place.line


@dataclass(slots=True)
class Context:
    """The state that statements and expressions share."""

    limits: Limits
    functions: Mapping[str, Function]
    report: Report
    builder: GraphBuilder = field(default_factory=GraphBuilder)
    names: dict[str, Binding] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    # Of those, the names that only plots use.
    only_shown: set[str] = field(default_factory=set)
    # Names of the language that the text has tried to bind.
    rebound: set[str] = field(default_factory=set)
    # Names that are bound further down, with the line.
    later: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    declared_at: dict[str, Place] = field(default_factory=dict)
    timeframes: dict[str, Place] = field(default_factory=dict)
    # Of each timeframe, the nodes that htf() has copied into it.
    copies: dict[str, dict[int, int]] = field(default_factory=dict)
    plots: dict[str, Shown] = field(default_factory=dict)
    requirements: list[Requirement] = field(default_factory=list)
    # The line on which the statement under way begins.
    statement: int = 0
    parts: int = 0
    calls: int = 0

    def problem(
        self, node: Located, code: str, message: str, suggestion: str | None = None
    ) -> None:
        """Report the problem; what has one has no value."""
        self.report.add(place_of(node), code, message, suggestion)

    def unknown(
        self, node: Located, code: str, message: str, name: str, names: Iterable[str]
    ) -> None:
        """Report a name that does not exist, with the nearest that does."""
        near = nearest(name, names)
        meant = "" if near is None else f" Did you mean `{near}`?"
        self.report.add(place_of(node), code, message + meant, near)

    def type_of(self, value: int | tuple[int, ...]) -> Type:
        if isinstance(value, tuple):
            return Type.GROUP
        return self.builder.nodes[value].type

    def outputs_of(self, value: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
        """Return the name of the function that has several outputs, and theirs."""
        node = self.builder.nodes[value[0]]
        if node.op is Op.HTF:
            node = self.builder.nodes[node.operands[0]]
        function = self.builder.nodes[node.operands[0]].function
        assert function is not None  # noqa: S101 - nothing else has several outputs
        return function.name, function.outputs

    def several(self, value: tuple[int, ...]) -> str:
        """Return how to name the outputs of a function that has several."""
        function, outputs = self.outputs_of(value)
        names = [f"my_{o}" if self.is_taken(o) else o for o in outputs]
        return (
            f"{function} has {len(outputs)} outputs; name all of them: "
            f"{', '.join(names)} = {function}(...)."
        )

    def is_taken(self, name: str) -> bool:
        """Say whether the language itself uses the name."""
        return name in INPUTS or name in self.functions or name in CONSTRUCTS
