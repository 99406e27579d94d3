"""Logic and maths, bar by bar."""

from functools import partial

import numpy as np

from strategies.indicators import arithmetic
from strategies.language.functions.declaring import SOURCE, condition, number, series
from strategies.language.functions.registry import Function, Kind

_maths = partial(Function, group="maths", returns=Kind.SERIES, source="numpy")
_of_one = partial(_maths, arguments=(SOURCE,), warmup=lambda source: 0)
_of_two = partial(
    _maths, arguments=(series("a"), series("b")), warmup=lambda a, b: 0, cost=1
)

FUNCTIONS = (
    _maths(
        name="where",
        arguments=(condition("condition"), series("a"), series("b")),
        outputs=("where",),
        summary="a where the condition is true, else b: always numbers; a if c else b "
        "makes conditions of conditions, too.",
        example="where(close > open, high, low)",
        compute=lambda bars, condition, a, b: np.where(condition, a, b),
        warmup=lambda condition, a, b: 0,
        cost=2,
    ),
    _maths(
        name="nz",
        arguments=(SOURCE, number("replacement", 0, -1e300, 1e300)),
        outputs=("nz",),
        summary="The value, or the replacement where it is NaN or infinite.",
        example="nz(rsi(close, 14), 50)",
        compute=lambda bars, source, replacement: arithmetic.nz(source, replacement),
        warmup=lambda source, replacement: 0,
        cost=2,
    ),
    _maths(
        name="clip",
        arguments=(SOURCE, series("low"), series("high")),
        outputs=("clip",),
        summary="The value within the two bounds.",
        example="clip(rsi(close, 14), 30, 70)",
        compute=lambda bars, source, low, high: arithmetic.clip(source, low, high),
        warmup=lambda source, low, high: 0,
        cost=2,
    ),
    _of_two(
        name="min",
        outputs=("min",),
        summary="The lesser of two values on each bar; over a window it is lowest.",
        example="min(open, close)",
        compute=lambda bars, a, b: np.minimum(a, b),
    ),
    _of_two(
        name="max",
        outputs=("max",),
        summary="The greater of two values on each bar; over a window it is highest.",
        example="max(open, close)",
        compute=lambda bars, a, b: np.maximum(a, b),
    ),
    _of_two(
        name="avg",
        outputs=("avg",),
        summary="The mean of two values on each bar; over a window it is sma.",
        example="avg(open, close)",
        compute=lambda bars, a, b: (a + b) / 2,
    ),
    _of_one(
        name="abs",
        outputs=("abs",),
        summary="The value without its sign.",
        example="abs(close - open)",
        compute=lambda bars, source: np.abs(source),
        cost=1,
    ),
    _of_one(
        name="sign",
        outputs=("sign",),
        summary="-1, 0 or 1.",
        example="sign(close - open)",
        compute=lambda bars, source: np.sign(source),
        cost=2,
    ),
    _of_one(
        name="sqrt",
        outputs=("sqrt",),
        summary="Square root; NaN below 0.",
        example="sqrt(variance(close, 20))",
        compute=lambda bars, source: arithmetic.square_root(source),
        cost=2,
    ),
    _of_one(
        name="log",
        outputs=("log",),
        summary="Natural logarithm; NaN at 0 and below.",
        example="log(close / close[1])",
        compute=lambda bars, source: arithmetic.logarithm(source),
        cost=4,
    ),
    _of_one(
        name="exp",
        outputs=("exp",),
        summary="e to the power of the value.",
        example="exp(log(close))",
        compute=lambda bars, source: arithmetic.exponential(source),
        cost=3,
    ),
    _of_one(
        name="floor",
        outputs=("floor",),
        summary="The whole number at or below.",
        example="floor(close)",
        compute=lambda bars, source: np.floor(source),
        cost=1,
    ),
    _of_one(
        name="ceil",
        outputs=("ceil",),
        summary="The whole number at or above.",
        example="ceil(close)",
        compute=lambda bars, source: np.ceil(source),
        cost=1,
    ),
    _of_one(
        name="round",
        outputs=("round",),
        summary="The nearest whole number, halves away from 0; Python rounds them to "
        "even.",
        example="round(close)",
        compute=lambda bars, source: arithmetic.round_half_up(source),
        cost=7,
    ),
)
