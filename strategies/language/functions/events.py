"""Events: one-bar conditions, and how long ago they were."""

from functools import partial

from strategies.indicators import crossings, pivots, runs
from strategies.language.functions.declaring import (
    SOURCE,
    STRETCH,
    condition,
    series,
    window,
)
from strategies.language.functions.registry import Function, Kind

_event = partial(Function, group="events", returns=Kind.CONDITION, source="numpy")
_measure = partial(Function, group="events", returns=Kind.SERIES, source="numpy")
_crossing = partial(
    _event, arguments=(series("a"), series("b")), warmup=lambda a, b: 1, cost=4
)
_run = partial(
    _event, arguments=(SOURCE, window()), warmup=lambda source, length: length, cost=20
)
_pivot = partial(
    _measure,
    arguments=(SOURCE, window("left"), window("right")),
    warmup=lambda source, left, right: left + right,
    cost=16,
    cost_per_stretch=5 * STRETCH,
)

FUNCTIONS = (
    _crossing(
        name="cross",
        outputs=("cross",),
        summary="True on the bar where a passes b in either direction.",
        example="cross(close, sma(close, 50))",
        compute=lambda bars, a, b: crossings.cross(a, b),
    ),
    _crossing(
        name="crossover",
        outputs=("crossover",),
        summary="True on the bar where a is above b and was not on the bar before; "
        "leaving a touch upwards counts.",
        example="crossover(ema(close, 20), ema(close, 50))",
        compute=lambda bars, a, b: crossings.crossover(a, b),
    ),
    _crossing(
        name="crossunder",
        outputs=("crossunder",),
        summary="True on the bar where a is below b and was not on the bar before; "
        "leaving a touch downwards counts.",
        example="crossunder(rsi(close, 14), 70)",
        compute=lambda bars, a, b: crossings.crossunder(a, b),
    ),
    _run(
        name="rising",
        outputs=("rising",),
        summary="True where each of the last length changes was upwards.",
        example="rising(close, 3)",
        compute=lambda bars, source, length: runs.rising(source, length),
    ),
    _run(
        name="falling",
        outputs=("falling",),
        summary="True where each of the last length changes was downwards.",
        example="falling(close, 3)",
        compute=lambda bars, source, length: runs.falling(source, length),
    ),
    _measure(
        name="change",
        arguments=(SOURCE, window(default=1)),
        outputs=("change",),
        summary="Difference from length bars ago.",
        example="change(close, 1)",
        compute=lambda bars, source, length: runs.change(source, length),
        warmup=lambda source, length: length,
        cost=2,
    ),
    _measure(
        name="barssince",
        arguments=(condition("condition"),),
        outputs=("barssince",),
        summary="Bars since the condition was true, 0 on such a bar; NaN before the "
        "first, so that barssince(c) < 5 is false there.",
        example="barssince(crossover(close, sma(close, 50))) < 5",
        compute=lambda bars, condition: runs.barssince(condition),
        warmup=lambda condition: 0,
        cost=7,
    ),
    _measure(
        name="valuewhen",
        arguments=(
            condition("condition"),
            SOURCE,
            window("occurrence", 0, minimum=0),
        ),
        outputs=("valuewhen",),
        summary="Value on the last true bar, this one included, or on the "
        "occurrence-th before it.",
        example="valuewhen(crossover(close, sma(close, 50)), low, 0)",
        compute=lambda bars, condition, source, occurrence: runs.valuewhen(
            condition, source, occurrence
        ),
        warmup=lambda condition, source, occurrence: occurrence,
        cost=10,
    ),
    _measure(
        name="streak",
        arguments=(condition("condition"),),
        outputs=("streak",),
        summary="How many bars in a row the condition has been true, 0 where it is "
        "not.",
        example="streak(close > open) >= 3",
        compute=lambda bars, condition: runs.streak(condition),
        warmup=lambda condition: 0,
        cost=8,
    ),
    _pivot(
        name="pivothigh",
        outputs=("pivothigh",),
        summary="Value of a peak right bars ago, shown when it is confirmed, else NaN: "
        "hold it with valuewhen; of a flat top the first bar is the peak.",
        example="pivothigh(high, 5, 5)",
        compute=lambda bars, source, left, right: pivots.pivot_high(
            source, left, right
        ),
    ),
    _pivot(
        name="pivotlow",
        outputs=("pivotlow",),
        summary="Value of a trough right bars ago, shown when it is confirmed, else "
        "NaN: hold it with valuewhen; of a flat bottom the first bar is the trough.",
        example="pivotlow(low, 5, 5)",
        compute=lambda bars, source, left, right: pivots.pivot_low(source, left, right),
    ),
)
