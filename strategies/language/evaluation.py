"""The interpreter: runs a graph over arrays, and frees each after its last use."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from strategies.base import Values
from strategies.language.calls import constants_of, typed_constant
from strategies.language.functions.registry import Argument, Bars, Function, Kind
from strategies.language.graph import Graph, Node, Op, Type
from strategies.language.inputs import INPUTS
from strategies.language.operators import OPERATORS
from strategies.language.scalars import Scalars, scalars_of
from strategies.language.stretches import Allowance
from strategies.language.timeframes import Frames

type Array = NDArray[np.float64] | NDArray[np.bool_]
# One array, or those of a function with several outputs.
type Result = Array | tuple[Array, ...]

DTYPES = {
    Kind.SERIES: np.float64,
    Kind.CONDITION: np.bool_,
    Type.SERIES: np.float64,
    Type.CONDITION: np.bool_,
}


class Kept(Protocol):
    """What remembers results between runs."""

    def get(self, node: int, parameters: Values) -> Result | None: ...

    def put(self, node: int, parameters: Values, result: Result) -> None: ...


class _Nothing:
    def get(self, node: int, parameters: Values) -> Result | None:
        return None

    def put(self, node: int, parameters: Values, result: Result) -> None:
        return None


NOTHING = _Nothing()


def evaluate(
    graph: Graph,
    roots: Iterable[int],
    frames: Frames,
    parameters: Values,
    kept: Kept = NOTHING,
    most_additions: float = math.inf,
) -> dict[int, Array]:
    """Return a read-only array per root, one value per base bar.

    The parameters have passed their check: windows are whole and in bounds. Raises
    ``InvalidInput`` where holes in the data would make it take too long.
    """
    allowance = Allowance(most_additions)
    run = _Run(graph, frames, scalars_of(graph, parameters), allowance)
    wanted = set(roots)
    for node in _plan(run, wanted, parameters, kept):
        if node not in run.results:
            run.compute(node)
            kept.put(node, parameters, run.results[node])
        run.release(node, wanted)
    return {root: run.whole(root) for root in wanted}


def _plan(run: "_Run", roots: set[int], parameters: Values, kept: Kept) -> list[int]:
    """Return the arrays to compute, in order; take those that are remembered."""
    planned: set[int] = set()
    pending = [root for root in roots if run.scalars[root] is None]
    while pending:
        node = pending.pop()
        if node in planned:
            continue
        planned.add(node)
        known = kept.get(node, parameters)
        if known is not None:
            run.results[node] = known
            continue
        arrays = [i for i in run.graph.nodes[node].operands if run.scalars[i] is None]
        run.uses.update(arrays)
        pending.extend(arrays)
    return sorted(planned)


class _Run:
    """One pass over the graph: the arrays that are alive, and who still needs them."""

    def __init__(
        self, graph: Graph, frames: Frames, scalars: Scalars, allowance: Allowance
    ) -> None:
        self.graph, self.frames, self.scalars = graph, frames, scalars
        self.allowance = allowance
        self.results: dict[int, Result] = {}
        self.uses: Counter[int] = Counter()
        self.computed: set[int] = set()

    def compute(self, i: int) -> None:
        node = self.graph.nodes[i]
        self.computed.add(i)
        if node.function is not None and node.function.cost_per_stretch:
            self._spend(i, node, node.function)
        with np.errstate(all="ignore"):
            self.results[i] = _read_only(self._result(node))

    def release(self, i: int, wanted: set[int]) -> None:
        """Forget the operands of a node for which it was the last to wait."""
        if i not in self.computed:
            return
        for operand in self.graph.nodes[i].operands:
            self.uses[operand] -= 1
            if self.uses[operand] == 0 and operand not in wanted:
                del self.results[operand]

    def whole(self, root: int) -> Array:
        """Return the root's array; what has one value has it on every bar."""
        scalar = self.scalars[root]
        if scalar is None:
            result = self.results[root]
            assert not isinstance(result, tuple)  # noqa: S101 - no root is a group
            return result
        dtype = np.bool_ if isinstance(scalar, bool) else np.float64
        return _full(len(self.frames), scalar, dtype)

    def _spend(self, i: int, node: Node, function: Function) -> None:
        shortest = function.warmup(*constants_of(node, self.scalars)) + 1
        for j in node.operands:
            if self.scalars[j] is None and self.graph.nodes[j].op is not Op.INPUT:
                values: Any = self.results[j]
                each, line = function.cost_per_stretch, self.graph.lines[i]
                self.allowance.spend(j, values, shortest, each, line)

    def _result(self, node: Node) -> Any:
        bars = self.frames.bars(node.frame)
        match node.op:
            case Op.INPUT:
                return INPUTS[str(node.payload)].compute(bars)
            case Op.CALL:
                return self._call(node, bars)
            case Op.PICK:
                return self.results[node.operands[0]][int(node.payload or 0)]
            case Op.HTF:
                values: Any = self.results[node.operands[0]]
                return self.frames.on_base(str(node.payload), values)
            case Op.SHIFT:
                offset = self.scalars[node.operands[1]]
                return _shifted(self.results[node.operands[0]], int(offset or 0))
        operands = [self._value(i) for i in node.operands]
        dtype = DTYPES[node.type]
        return np.asarray(OPERATORS[node.op](*operands), dtype)

    def _value(self, i: int) -> Any:
        scalar = self.scalars[i]
        if scalar is None:
            return self.results[i]
        return np.bool_(scalar) if isinstance(scalar, bool) else np.float64(scalar)

    def _call(self, node: Node, bars: Bars) -> Any:
        function = node.function
        assert function is not None  # noqa: S101 - that is what a call is
        dtype = DTYPES[function.returns]
        if len(bars.time) == 0:
            nothing: tuple[Array, ...] = tuple(
                np.empty(0, dtype) for _ in function.outputs
            )
            return nothing if len(nothing) > 1 else nothing[0]
        arguments = [
            self._argument(argument, i, len(bars.time))
            for argument, i in zip(function.arguments, node.operands, strict=True)
        ]
        result = function.compute(bars, *arguments)
        if len(function.outputs) > 1:
            return tuple(np.ascontiguousarray(part, dtype) for part in result)
        return np.ascontiguousarray(result, dtype)

    def _argument(self, argument: Argument, i: int, bars: int) -> Any:
        scalar = self.scalars[i]
        if scalar is None:
            return self.results[i]
        if argument.kind in (Kind.SERIES, Kind.CONDITION):
            return _full(bars, scalar, DTYPES[argument.kind])
        return typed_constant(argument, scalar)


def _shifted(values: Any, offset: int) -> Array:
    shifted: Array = np.empty_like(values)
    shifted[:offset] = False if values.dtype == np.bool_ else np.nan
    shifted[offset:] = values[: max(0, len(values) - offset)]
    return shifted


def _full(bars: int, value: Any, dtype: Any) -> Array:
    array: Array = np.full(bars, value, dtype)
    array.flags.writeable = False
    return array


def _read_only(result: Any) -> Result:
    """Return the result, guarded: it is shared, and functions must not write to it."""
    if isinstance(result, tuple):
        return tuple(_read_only(part) for part in result)  # type: ignore[misc] # parts are arrays
    result.flags.writeable = False
    array: Array = result
    return array


def named(
    graph: Graph,
    roots: Mapping[str, int],
    frames: Frames,
    parameters: Values,
    kept: Kept = NOTHING,
    most_additions: float = math.inf,
) -> dict[str, Array]:
    """Return the arrays of named nodes; numbers among them are finite or NaN."""
    arrays = finished(
        evaluate(graph, roots.values(), frames, parameters, kept, most_additions)
    )
    return {name: arrays[i] for name, i in roots.items()}


def finished(arrays: dict[int, Array]) -> dict[int, Array]:
    """Return the arrays with NaN for infinity, each copied as the other is let go."""
    return {i: _finite(arrays.pop(i)) for i in tuple(arrays)}


def _finite(values: Array) -> Array:
    if values.dtype == np.bool_:
        return values
    return np.where(np.isfinite(values), values, np.nan)
