"""param(): an input of the program that a run, or a search, can set."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from botforge.errors import FieldError
from strategies.base import Parameter, Value
from strategies.language.binding import bind
from strategies.language.context import Context
from strategies.language.diagnostics import place_of
from strategies.language.graph import Node, Op, Type

ARGUMENTS = ("name", "default", "min", "max", "step", "choices", "description")
LITERAL = "{} of param must be written out: a number, True or False, or a text."
EXAMPLE = 'param("fast", 20, min=2, max=200)'
BOUNDS = ("min", "max", "step")


def declare(ctx: Context, call: ast.Call) -> int | None:
    """Return the node of the parameter that the call declares."""
    bound = bind(ctx, call, ARGUMENTS, 2, EXAMPLE)
    if bound is None:
        return None
    read = _Reader(ctx, bound)
    name, default = read.name(), read.value("default")
    bounds = {key: read.number(key) for key in BOUNDS if key in bound}
    choices, description = read.choices(), read.description()
    if read.failed or name is None or default is None:
        return None
    parameter = Parameter(
        name,
        default,
        minimum=bounds.get("min"),
        maximum=bounds.get("max"),
        step=bounds.get("step"),
        choices=choices,
        description=description,
    )
    parameter = _as_float(parameter)
    wrong = _contradiction(parameter)
    if wrong is not None:
        ctx.problem(call, "bad_parameter", wrong)
        return None
    ctx.parameters[name] = parameter
    ctx.declared_at[name] = place_of(call)
    types = {"bool": Type.FLAG, "str": Type.TEXT}
    kind = types.get(parameter.type, Type.NUMBER)
    whole = parameter.type == "int"
    return ctx.builder.add(Node(Op.PARAMETER, kind, payload=name, whole=whole))


def _as_float(parameter: Parameter) -> Parameter:
    """Return a float parameter where a whole default stands between fractions.

    ``param("stop", 3, step=0.5)`` is meant to be 3.5 too.
    """
    given = (parameter.minimum, parameter.maximum, parameter.step)
    numbers: list[Value] = [n for n in given if n is not None]
    numbers.extend(parameter.choices or ())
    fractions = any(isinstance(n, float) and not n.is_integer() for n in numbers)
    if parameter.type != "int" or not fractions:
        return parameter
    choices = parameter.choices
    return Parameter(
        parameter.name,
        float(parameter.default),
        *given,
        choices=None if choices is None else tuple(map(float, choices)),
        description=parameter.description,
    )


def _contradiction(parameter: Parameter) -> str | None:
    """Return why no value, or not the default, fits the declaration."""
    low, high, step = parameter.minimum, parameter.maximum, parameter.step
    if parameter.type in ("str", "bool") and (low, high, step) != (None, None, None):
        return f"min, max and step need a number; {parameter.name} is none."
    if low is not None and high is not None and low > high:
        return f"min of {parameter.name} is above its max."
    if step is not None and step <= 0:
        return f"step of {parameter.name} must be above 0."
    values = [*(parameter.choices or ()), parameter.default]
    for value in values:
        if type(value) is not type(parameter.default):
            return f"The choices of {parameter.name} must be of its default's type."
        wrong = parameter.check(value)
        if isinstance(wrong, FieldError):
            return f"{wrong.detail} {value!r} is not."
    return None


@dataclass(slots=True)
class _Reader:
    """The literals of one declaration; what is no literal is reported."""

    ctx: Context
    bound: Mapping[str, ast.expr]
    failed: bool = False

    def name(self) -> str | None:
        node = self.bound["name"]
        name = node.value if isinstance(node, ast.Constant) else None
        plain = isinstance(name, str) and name.isidentifier() and name.isascii()
        if not isinstance(name, str) or not plain or name.startswith("_"):
            self._fail(node, "bad_name", "A parameter's name is a plain word.")
            return None
        if len(name) > self.ctx.limits.name_length:
            most = self.ctx.limits.name_length
            message = f"A name has at most {most} characters."
            self._fail(node, "bad_name", message)
            return None
        if name in self.ctx.parameters:
            message = f"There is a parameter {name} already."
            self._fail(node, "repeated_parameter", message)
            return None
        if len(self.ctx.parameters) >= self.ctx.limits.parameters:
            message = f"At most {self.ctx.limits.parameters} parameters."
            self._fail(node, "too_many_parameters", message)
            return None
        return name

    def value(self, key: str) -> Value | None:
        value = self._literal(self.bound[key])
        if value is None:
            self._fail(self.bound[key], "not_literal", LITERAL.format(key))
            return None
        return value

    def number(self, key: str) -> float | None:
        value = self._literal(self.bound[key])
        if isinstance(value, bool) or not isinstance(value, int | float):
            message = f"{key} of param must be a number, written out."
            self._fail(self.bound[key], "not_literal", message)
            return None
        return float(value)

    def choices(self) -> tuple[Value, ...] | None:
        node = self.bound.get("choices")
        if node is None:
            return None
        items = node.elts if isinstance(node, ast.Tuple | ast.List) else []
        values = [self._literal(item) for item in items]
        known = tuple(value for value in values if value is not None)
        if not known or len(known) < len(values):
            message = 'choices of param must be written out: ("sma", "ema").'
            self._fail(node, "not_literal", message)
            return None
        return known

    def description(self) -> str:
        node = self.bound.get("description")
        text = None if node is None else self._literal(node)
        if node is not None and not isinstance(text, str):
            self._fail(node, "not_literal", "description of param must be a text.")
        return text if isinstance(text, str) else ""

    def _literal(self, node: ast.expr) -> Value | None:
        """Return a constant, with or without a minus; None for anything else."""
        sign = 1
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            sign, node = -1, node.operand
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str):
            long = len(value) > 10 * self.ctx.limits.text_length
            return None if sign < 0 or long else value
        if isinstance(value, bool):
            return None if sign < 0 else value
        if isinstance(value, int) and abs(value) <= 2**53:
            return sign * value
        if isinstance(value, float) and abs(value) < float("inf"):
            return sign * value
        return None

    def _fail(self, node: ast.expr, code: str, message: str) -> None:
        self.failed = True
        self.ctx.problem(node, code, message)
