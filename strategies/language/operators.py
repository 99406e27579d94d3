"""The operators over arrays and single numbers alike, in float64."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strategies.language.graph import Op

# An array, or one number or truth value for all bars.
type Operand = NDArray[np.float64] | NDArray[np.bool_] | np.float64 | np.bool_

# Whole numbers up to here have a float each.
EXACT = 2.0**53


def _divisor(values: Any) -> Any:
    """Return the values with NaN for zero: nothing is divided by it."""
    return np.where(values == 0, np.nan, values)


def _floor_divide(a: Any, b: Any) -> Any:
    """Return the whole quotient; a float beyond ``EXACT`` is whole by itself."""
    b = _divisor(b)
    quotient = np.divide(a, b)
    near = np.abs(quotient) < EXACT
    return np.where(near, np.floor_divide(a, np.where(near, b, np.nan)), quotient)


def _modulo(a: Any, b: Any) -> Any:
    """Return the remainder, with the divisor's sign.

    NaN where the quotient is beyond ``EXACT``: no digit of the remainder is left in
    such a number, and the C library divides once for each bit between the two.
    """
    b = _divisor(b)
    near = np.abs(np.divide(a, b)) < EXACT
    return np.mod(a, np.where(near, b, np.nan))


def _not_equal(a: Any, b: Any) -> Any:
    """Unlike NumPy's, False where one side is NaN, as every comparison is."""
    return (a < b) | (a > b)


OPERATORS: Mapping[Op, Callable[..., Any]] = {
    Op.NEGATE: np.negative,
    Op.ADD: np.add,
    Op.SUBTRACT: np.subtract,
    Op.MULTIPLY: np.multiply,
    Op.DIVIDE: lambda a, b: np.divide(a, _divisor(b)),
    Op.FLOOR_DIVIDE: _floor_divide,
    Op.MODULO: _modulo,
    Op.POWER: np.power,
    Op.LESS: np.less,
    Op.LESS_EQUAL: np.less_equal,
    Op.GREATER: np.greater,
    Op.GREATER_EQUAL: np.greater_equal,
    Op.EQUAL: np.equal,
    Op.NOT_EQUAL: _not_equal,
    Op.AND: np.logical_and,
    Op.OR: np.logical_or,
    Op.NOT: np.logical_not,
    Op.CHOOSE: np.where,
    Op.AS_NUMBER: lambda x: np.asarray(x, np.float64)[()],
}

COMPARISONS = frozenset(
    {
        Op.LESS,
        Op.LESS_EQUAL,
        Op.GREATER,
        Op.GREATER_EQUAL,
        Op.EQUAL,
        Op.NOT_EQUAL,
    }
)
# Of whole numbers, these give whole numbers.
WHOLE = frozenset(
    {Op.NEGATE, Op.ADD, Op.SUBTRACT, Op.MULTIPLY, Op.FLOOR_DIVIDE, Op.MODULO}
)
COSTS: Mapping[Op, float] = {
    Op.DIVIDE: 3.0,
    Op.FLOOR_DIVIDE: 50.0,
    Op.MODULO: 40.0,
    Op.POWER: 40.0,
    Op.CHOOSE: 5.0,
    Op.HTF: 3.0,
    Op.PICK: 0.0,
}


def apply_scalar(op: Op, *operands: float | bool | str) -> float | bool:
    """Return the result for single values, computed exactly as for arrays."""
    if any(isinstance(value, str) for value in operands):
        a, b = operands
        return (a == b) is (op is Op.EQUAL)
    typed = [
        np.bool_(value) if isinstance(value, bool) else np.float64(value)
        for value in operands
    ]
    with np.errstate(all="ignore"):
        result = OPERATORS[op](*typed)
    value: float | bool = np.asarray(result).item()
    return value
