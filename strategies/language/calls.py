"""Calls of registered functions: each argument as the kind that it takes."""

import ast
from collections.abc import Mapping, Sequence
from typing import assert_never

from botforge.errors import InvalidInput
from strategies.language.arithmetic import as_condition, as_number
from strategies.language.binding import bind
from strategies.language.context import Context, Value
from strategies.language.functions.registry import Argument, Function, Kind
from strategies.language.graph import Node, Op, Type

# Groups whose functions describe what a series has been.
OF_HISTORY = frozenset({"averages", "momentum", "volatility", "volume", "statistics"})
TYPES = {Kind.SERIES: Type.SERIES, Kind.CONDITION: Type.CONDITION}


def call(
    ctx: Context, node: ast.Call, function: Function, values: Mapping[int, Value]
) -> Value:
    """Return the function's output, or outputs; ``values`` has those of arguments."""
    names, required = function.names, function.required
    bound = bind(ctx, node, names, required, function.example)
    if bound is None:
        return None
    given = [
        _operand(ctx, bound[argument.name], function, argument, values)
        if argument.name in bound
        else _default(ctx, argument)
        for argument in function.arguments
    ]
    operands = [operand for operand in given if operand is not None]
    if len(operands) < len(names):
        return None
    return _add(ctx, node, function, tuple(operands))


def window_bounds(argument: Argument, most: int) -> tuple[float, float]:
    """Return the smallest and the largest value of a whole number."""
    low = 1 if argument.minimum is None else argument.minimum
    return low, most if argument.maximum is None else min(argument.maximum, most)


def constants_problem(
    function: Function, constants: list[float | bool | str | None], most: int
) -> str | None:
    """Return what is wrong with the constants of a call, None for an array or what is
    not known yet; None if nothing is."""
    typed: list[float | str | None] = []
    known = True
    for argument, value in zip(function.arguments, constants, strict=True):
        if argument.kind in TYPES:
            typed.append(None)
            continue
        if isinstance(value, float):
            wrong = _range_problem(function, argument, value, most)
            if wrong is not None:
                return wrong
        known = known and value is not None
        typed.append(typed_constant(argument, value))
    if not known:
        return None
    try:
        function.warmup(*typed)
    except InvalidInput as error:
        return error.detail
    except ValueError as error:
        return f"{function.name}: {error}"
    return None


def typed_constant(
    argument: Argument, value: float | bool | str | None
) -> float | str | None:
    """Return the value as the function expects it: an int for a window."""
    if argument.kind is Kind.WINDOW and isinstance(value, float):
        return int(value)
    return value


def constants_of(
    node: Node, scalars: Sequence[float | bool | str | None]
) -> list[float | str | None]:
    """Return the single values that a call is given, None in the place of arrays."""
    arguments = () if node.function is None else node.function.arguments
    return [
        None if argument.kind in TYPES else typed_constant(argument, scalars[i])
        for argument, i in zip(arguments, node.operands, strict=True)
    ]


def _range_problem(
    function: Function, argument: Argument, value: float, most: int
) -> str | None:
    if argument.kind is Kind.WINDOW:
        low, high = window_bounds(argument, most)
        if value.is_integer() and low <= value <= high:
            return None
        rule = f"a whole number from {low:g} to {high:g}"
    elif argument.kind is Kind.NUMBER:
        least, most_of_it = argument.minimum, argument.maximum
        if (least is None or value >= least) and (
            most_of_it is None or value <= most_of_it
        ):
            return None
        limits = [
            f"at least {least:g}" if least is not None else "",
            f"at most {most_of_it:g}" if most_of_it is not None else "",
        ]
        rule = "a number of " + " and ".join(filter(None, limits))
    else:
        return None
    return f"{argument.name} of {function.name} must be {rule}, not {value:g}."


def _default(ctx: Context, argument: Argument) -> int:
    default = argument.default
    if isinstance(default, str) and argument.kind is Kind.SERIES:
        return ctx.builder.add(Node(Op.INPUT, Type.SERIES, payload=default))
    if isinstance(default, str):
        return ctx.builder.constant(default)
    assert default is not None  # noqa: S101 - binding has asked for those without
    if argument.kind is Kind.CONDITION:
        return ctx.builder.constant(bool(default))
    whole = argument.kind is Kind.WINDOW
    return ctx.builder.constant(float(default), whole=whole)


def _operand(
    ctx: Context,
    at: ast.expr,
    function: Function,
    argument: Argument,
    values: Mapping[int, Value],
) -> int | None:
    value = values[id(at)]
    if value is None:
        return None
    match argument.kind:
        case Kind.SERIES:
            return _series(ctx, at, function, argument, value)
        case Kind.CONDITION:
            return as_condition(ctx, at, value)
        case Kind.WINDOW | Kind.NUMBER:
            return _number(ctx, at, function, argument, value)
        case Kind.TEXT:
            return _text(ctx, at, function, argument, value)
    assert_never(argument.kind)


def _series(
    ctx: Context, at: ast.expr, function: Function, argument: Argument, value: Value
) -> int | None:
    """Return the value per bar. A statistic of one and the same number says nothing,
    so that a number there is a length without its series: rsi(14)."""
    constant = isinstance(value, int) and not ctx.type_of(value).is_array
    over_a_window = any(other.kind is Kind.WINDOW for other in function.arguments)
    if constant and over_a_window and function.group in OF_HISTORY:
        message = (
            f"{argument.name} of {function.name} must be a series, not one number: "
            f"{function.example}."
        )
        ctx.problem(at, "wrong_type", message)
        return None
    return as_number(ctx, at, value)


def _number(
    ctx: Context, at: ast.expr, function: Function, argument: Argument, value: Value
) -> int | None:
    if isinstance(value, int):
        node = ctx.builder.nodes[value]
        if node.type is Type.NUMBER and (argument.kind is Kind.NUMBER or node.whole):
            return value
    whole = "whole " if argument.kind is Kind.WINDOW else ""
    kind = "an int" if argument.kind is Kind.WINDOW else "a"
    message = (
        f"{argument.name} of {function.name} must be a {whole}number, a constant or "
        f"{kind} parameter: {function.example}."
    )
    if whole and isinstance(value, int) and ctx.type_of(value) is Type.NUMBER:
        message += " This may be a fraction; // gives whole numbers, / does not."
    ctx.problem(at, "wrong_type", message)
    return None


def _text(
    ctx: Context, at: ast.expr, function: Function, argument: Argument, value: Value
) -> int | None:
    title = f"{argument.name} of {function.name}"
    if not isinstance(value, int) or ctx.type_of(value) is not Type.TEXT:
        message = f"{title} must be a text in quotes: {function.example}."
        ctx.problem(at, "wrong_type", message)
        return None
    node = ctx.builder.nodes[value]
    given: tuple[object, ...] = (node.payload,)
    if node.op is Op.PARAMETER:
        given = ctx.parameters[str(node.payload)].choices or ()
        if not given:
            message = f"{title} needs a parameter with choices, all of them valid."
            ctx.problem(at, "open_text", message)
            return None
    for text in given:
        if argument.choices is not None and text not in argument.choices:
            message = f"{title} must be one of {', '.join(argument.choices)}."
            ctx.unknown(at, "not_a_choice", message, str(text), argument.choices)
            return None
    return value


def _add(
    ctx: Context, at: ast.Call, function: Function, operands: tuple[int, ...]
) -> Value:
    nodes = [ctx.builder.nodes[i] for i in operands]
    known = [n.payload if n.op is Op.CONSTANT else None for n in nodes]
    wrong = constants_problem(function, known, ctx.limits.window)
    if wrong is not None:
        ctx.problem(at, "bad_argument", wrong)
        return None
    kind = TYPES[function.returns]
    if len(function.outputs) == 1:
        return ctx.builder.add(Node(Op.CALL, kind, operands, function=function))
    group = ctx.builder.add(Node(Op.CALL, Type.GROUP, operands, function=function))
    return tuple(
        ctx.builder.add(Node(Op.PICK, kind, (group,), payload=i))
        for i in range(len(function.outputs))
    )
