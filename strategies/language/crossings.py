"""Programs that only cross two lines: a sweep needs the lines, not the signals.

An engine that compares the lines itself spares two arrays of decisions for every
combination; there are few lines and many pairs of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strategies.base import Values
from strategies.language.evaluation import evaluate
from strategies.language.graph import Op
from strategies.language.identities import Identities
from strategies.language.program import Program
from strategies.language.scalars import scalars_of
from strategies.language.sweeping import MEMORY_BYTES
from strategies.language.timeframes import Frames


@dataclass(frozen=True, slots=True)
class Crossing:
    """The nodes of two lines. Long while the first is above the second; with ``short``
    the mirror image too."""

    first: int
    second: int
    short: bool


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Distinct lines (L, n), and for each combination the rows of its two (N, 2)."""

    lines: NDArray[np.float64]
    pairs: NDArray[np.int64]


def crossing_of(program: Program) -> Crossing | None:
    """Return the crossing that is all the program decides; None if it is not all."""
    outputs = program.outputs
    crossed = _crossed(program, outputs.get("enter_long"))
    if crossed is None:
        return None
    first, second = crossed
    down = {"exit_long", "enter_short"}
    for name, node in outputs.items():
        expected = (second, first) if name in down else (first, second)
        if _crossed(program, node) != expected:
            return None
    if outputs.keys() == {"enter_long", "exit_long"}:
        return Crossing(first, second, short=False)
    if outputs.keys() == {"enter_long", "exit_long", "enter_short", "exit_short"}:
        return Crossing(first, second, short=True)
    return None


def _crossed(program: Program, i: int | None) -> tuple[int, int] | None:
    """Return (a, b) for a node that is true where a rises through b."""
    node = None if i is None else program.graph.nodes[i]
    if node is None or node.op is not Op.CALL or node.function is None:
        return None
    if node.function.name == "crossover":
        return node.operands[0], node.operands[1]
    if node.function.name == "crossunder":
        return node.operands[1], node.operands[0]
    return None


def crossing_lines(
    program: Program,
    crossing: Crossing,
    frames: Frames,
    combinations: Sequence[Values],
    memory_bytes: int = MEMORY_BYTES,
) -> Lines | None:
    """Return the lines of all combinations; None where they would not fit."""
    graph, most = program.graph, program.limits.cost
    sides = [
        (side, node, sorted(graph.parameters[node]))
        for side, node in enumerate((crossing.first, crossing.second))
    ]
    identities = Identities(graph)
    rows: dict[tuple[object, ...], int] = {}
    distinct: dict[int, int] = {}
    lines: list[NDArray[np.float64]] = []
    pairs = np.empty((len(combinations), 2), np.int64)
    for at, values in enumerate(combinations):
        for side, node, names in sides:
            key = (side, *(values[name] for name in names))
            if key not in rows:
                same = identities.of(node, scalars_of(graph, values))
                rows[key] = distinct.setdefault(same, len(lines))
                if rows[key] == len(lines):
                    arrays = evaluate(
                        graph, (node,), frames, values, most_additions=most
                    )
                    lines.append(np.asarray(arrays[node], np.float64))
            pairs[at, side] = rows[key]
        if len(lines) * len(frames) * 8 > memory_bytes:
            return None
    return Lines(np.array(lines).reshape(-1, len(frames)), pairs)
