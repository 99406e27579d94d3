"""What has one value for all bars, once the parameters have theirs."""

from collections.abc import Sequence
from functools import lru_cache

from botforge.errors import FieldError
from strategies.base import Value, Values
from strategies.language.calls import constants_problem
from strategies.language.graph import Graph, Node, Op, Type
from strategies.language.operators import apply_scalar
from strategies.language.program import Program, Requirement
from strategies.language.scanning import excerpt
from strategies.language.spelling import listed, shown

LONGEST_TEXT = 80
# Of each node, its value; None for an array.
type Scalars = Sequence[Value | None]


def scalars_of(graph: Graph, parameters: Values) -> Scalars:
    """Return the single values under these parameters, in the graph's order."""
    scalars: list[Value | None] = []
    for node in graph.nodes:
        scalars.append(_value(node, scalars, parameters))
    return scalars


def _value(node: Node, scalars: Scalars, parameters: Values) -> Value | None:
    if node.type.is_array or node.type is Type.GROUP:
        return None
    if node.op is Op.CONSTANT:
        return node.payload
    if node.op is Op.PARAMETER:
        value = parameters[str(node.payload)]
        return float(value) if node.type is Type.NUMBER else value
    if node.op is Op.CHOOSE:
        test, yes, no = node.operands
        return scalars[yes] if scalars[test] else scalars[no]
    operands = [scalars[i] for i in node.operands]
    return apply_scalar(node.op, *(value for value in operands if value is not None))


def check_scalars(program: Program, parameters: Values) -> tuple[FieldError, ...]:
    """Return what the functions and shifts of the program cannot work with."""
    graph = program.graph
    scalars = scalars_of(graph, parameters)
    errors = []
    for i in _in_doubt(program):
        node = graph.nodes[i]
        detail = _problem(node, scalars, program.limits.window)
        if detail is not None:
            operands = (graph.parameters[j] for j in node.operands)
            scalar = (names for j, names in zip(node.operands, operands, strict=True)
                      if scalars[j] is not None)  # fmt: skip
            names = sorted(frozenset[str]().union(*scalar)) or [""]
            detail = f"Line {graph.lines[i]}: {detail}"
            pointer = f"/parameters/{names[0]}".rstrip("/")
            errors.append(FieldError(pointer, "does_not_fit", detail))
    errors.extend(
        _unmet(program, requirement, parameters)
        for requirement in program.requirements
        if not scalars[requirement.node]
    )
    return tuple(errors)


def _unmet(
    program: Program, requirement: Requirement, parameters: Values
) -> FieldError:
    names = sorted(program.graph.parameters[requirement.node])
    given = listed([f"{name} is {parameters[name]}" for name in names])
    place = requirement.place
    asked = shown(excerpt(program.code, place), LONGEST_TEXT)
    detail = f"Line {place.line} requires {asked}; {given}."
    return FieldError(f"/parameters/{names[0]}", "requirement_not_met", detail)


@lru_cache(maxsize=64)
def _in_doubt(program: Program) -> tuple[int, ...]:
    """Return the nodes that parameters can break; the rest was checked in the text.

    A sweep asks for each of its combinations.
    """
    graph = program.graph
    return tuple(
        i
        for i in graph.reachable(program.all_roots)
        if any(
            graph.parameters[j] and not graph.nodes[j].type.is_array
            for j in graph.nodes[i].operands
        )
    )


def _problem(node: Node, scalars: Scalars, most: int) -> str | None:
    if node.op is Op.SHIFT:
        offset = scalars[node.operands[1]]
        if isinstance(offset, float) and offset.is_integer() and 0 <= offset <= most:
            return None
        given = f"{offset:g}" if isinstance(offset, float) else offset
        return f"n of x[n] must be a whole number from 0 to {most}, not {given}."
    if node.function is None or node.op is not Op.CALL:
        return None
    return constants_problem(node.function, [scalars[i] for i in node.operands], most)
