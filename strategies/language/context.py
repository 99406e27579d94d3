"""What is known of a program while it is being checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from strategies.base import Parameter
from strategies.language.diagnostics import Located, Place, Report, place_of
from strategies.language.functions.registry import Function
from strategies.language.graph import GraphBuilder, Type
from strategies.language.inputs import INPUTS
from strategies.language.limits import Limits
from strategies.language.spelling import nearest

# A node, the nodes of several outputs, or None for what is wrong and reported.
type Value = int | tuple[int, ...] | None

# Called like functions, but they are part of the language itself.
CONSTRUCTS = ("param", "plot", "htf")


@dataclass(frozen=True, slots=True)
class Binding:
    value: Value
    line: int


@dataclass(slots=True)
class Context:
    """The state that statements and expressions share."""

    limits: Limits
    functions: Mapping[str, Function]
    report: Report
    builder: GraphBuilder = field(default_factory=GraphBuilder)
    names: dict[str, Binding] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    # Names that are bound further down, with the line.
    later: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    declared_at: dict[str, Place] = field(default_factory=dict)
    plots: dict[str, int] = field(default_factory=dict)
    parts: int = 0
    calls: int = 0

    def problem(self, node: Located, code: str, message: str) -> None:
        """Report the problem; what has one has no value."""
        self.report.add(place_of(node), code, message)

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

    def is_taken(self, name: str) -> bool:
        """Say whether the language itself uses the name."""
        return name in INPUTS or name in self.functions or name in CONSTRUCTS
