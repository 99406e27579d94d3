"""Many parameter sets over the same bars: what does not change is computed once."""

from collections import OrderedDict
from threading import Lock

from strategies.base import Signals, Values
from strategies.language.evaluation import Result, named
from strategies.language.graph import Type
from strategies.language.program import Program
from strategies.language.signals import signals_of
from strategies.language.timeframes import Frames

MEMORY_BYTES = 2**30


class SweepSignals:
    """The signals of one program under one parameter set after the other.

    A node that depends on fewer parameters than something that uses it is remembered,
    by the values of those parameters, the least recently used forgotten first. Safe to
    call from several threads.
    """

    def __init__(
        self, program: Program, frames: Frames, memory_bytes: int = MEMORY_BYTES
    ) -> None:
        self.program, self.frames = program, frames
        self._kept = _Memory(program, memory_bytes)

    def signals(self, parameters: Values) -> Signals:
        """Return the signals under parameters that have passed their check."""
        program = self.program
        arrays = named(
            program.graph,
            program.outputs,
            self.frames,
            parameters,
            self._kept,
            program.limits.cost,
        )
        return signals_of(len(self.frames), arrays)


class _Memory:
    def __init__(self, program: Program, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.shared = _shared_nodes(program)
        self._results: OrderedDict[tuple[object, ...], Result] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, node: int, parameters: Values) -> Result | None:
        names = self.shared.get(node)
        if names is None:
            return None
        key = (node, *(parameters[name] for name in names))
        with self._lock:
            result = self._results.get(key)
            if result is not None:
                self._results.move_to_end(key)
            return result

    def put(self, node: int, parameters: Values, result: Result) -> None:
        names = self.shared.get(node)
        if names is None:
            return
        key = (node, *(parameters[name] for name in names))
        with self._lock:
            if key in self._results:
                return
            self._results[key] = result
            self._bytes += _size(result)
            while self._bytes > self.most_bytes and len(self._results) > 1:
                self._bytes -= _size(self._results.popitem(last=False)[1])


def _size(result: Result) -> int:
    parts = result if isinstance(result, tuple) else (result,)
    return sum(part.nbytes for part in parts)


def _shared_nodes(program: Program) -> dict[int, tuple[str, ...]]:
    """Return the nodes worth remembering, with the parameters they depend on."""
    graph = program.graph
    every = frozenset[str]().union(*(graph.parameters[i] for i in program.roots))
    users = dict.fromkeys(program.roots, every)
    for i in graph.reachable(program.roots):
        for operand in graph.nodes[i].operands:
            users[operand] = users.get(operand, frozenset()) | graph.parameters[i]
    return {
        i: tuple(sorted(graph.parameters[i]))
        for i, names in users.items()
        if _is_computed(graph.nodes[i].type) and graph.parameters[i] < names
    }


def _is_computed(kind: Type) -> bool:
    return kind.is_array or kind is Type.GROUP
