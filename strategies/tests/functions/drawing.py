"""Random bars and arguments for any function of the language."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from strategies.language.functions.registry import Argument, Bars, Function, Kind

HOUR_MS = 3_600_000
LONGEST = 12

type Generator = np.random.Generator


def random_bars(bars: int, rng: Generator, *, rough: bool = False) -> Bars:
    """Return hourly candles; rough ones have outages, flat runs and no-volume bars."""
    steps = rng.normal(0, 0.02, bars)
    volume = rng.lognormal(3, 1, bars)
    hours = np.arange(bars)
    spread = np.abs(rng.normal(0, 0.01, (2, bars)))
    if rough:
        still = rng.random() < 0.8
        quiet = np.cumsum(rng.random(bars) < 0.1) % 2 == 1 if still else steps > 9
        steps[quiet] = 0
        spread[:, quiet] = 0
        volume[rng.random(bars) < rng.choice([0, 0.2, 1])] = 0
        hours = np.cumsum(rng.choice([1, 1, 1, 1, 30], bars)) + rng.integers(0, 999)
    close = np.round(100 * np.exp(np.cumsum(steps)), 1 if rough else 9)
    open_ = np.concatenate((close[:1], close[:-1]))
    top, bottom = np.maximum(open_, close), np.minimum(open_, close)
    return Bars(
        time=hours * HOUR_MS,
        open=open_,
        high=top * (1 + spread[0]),
        low=bottom * (1 - spread[1]),
        close=close,
        volume=volume,
        timeframe_ms=HOUR_MS,
    )


def random_series(bars: int, rng: Generator, *, rough: bool) -> NDArray[np.float64]:
    """Return a series; a rough one has ties and undefined, infinite, tiny values."""
    values = 100 + np.cumsum(rng.normal(0, 1, bars))
    if not rough:
        return values
    if rng.random() < 0.5:
        values = np.round(values)
    if rng.random() < 0.3:
        values -= values.mean() if bars else 0
    values[: rng.integers(0, LONGEST)] = np.nan
    holes = rng.random(bars) < rng.choice([0, 0.01, 0.1])
    values[holes] = rng.choice([np.nan, np.inf, -np.inf, 0.0], holes.sum())
    return values


def constants(function: Function) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return values for the constant arguments, None in the place of arrays."""
    return st.tuples(*(_constant(argument) for argument in function.arguments))


def defaults(function: Function) -> tuple[Any, ...]:
    """Return the default of each constant, or a usual value where there is none."""
    usual: dict[Kind, Any] = {Kind.WINDOW: 10, Kind.NUMBER: 10.0}
    return tuple(
        None
        if argument.kind in (Kind.SERIES, Kind.CONDITION)
        else argument.default
        if argument.default is not None
        else argument.choices[0]
        if argument.choices
        else usual[argument.kind]
        for argument in function.arguments
    )


def with_arrays(
    function: Function,
    given: tuple[Any, ...],
    bars: int,
    rng: Generator,
    *,
    rough: bool = False,
) -> tuple[Any, ...]:
    """Return the arguments with a random array wherever one belongs."""
    arrays: dict[Kind, Any] = {
        Kind.SERIES: lambda: random_series(bars, rng, rough=rough),
        Kind.CONDITION: lambda: rng.random(bars) < rng.choice([0.02, 0.3, 0.9]),
    }
    return tuple(
        arrays[argument.kind]() if argument.kind in arrays else value
        for argument, value in zip(function.arguments, given, strict=True)
    )


def each_column(bars: Bars, change: Callable[[Any], Any]) -> Bars:
    """Return the bars with every column changed alike."""
    *columns, timeframe_ms = bars
    return Bars._make([*map(change, columns), timeframe_ms])


def outputs_of(function: Function, bars: Bars, given: tuple[Any, ...]) -> list[Any]:
    """Return the function's arrays, one for each name in ``outputs``."""
    with np.errstate(all="ignore"):
        result = function.compute(bars, *given)
    arrays = list(result) if isinstance(result, tuple) else [result]
    assert len(arrays) == len(function.outputs)
    return arrays


def _constant(argument: Argument) -> st.SearchStrategy[Any]:
    if argument.kind in (Kind.SERIES, Kind.CONDITION):
        return st.none()
    if argument.choices is not None:
        return st.sampled_from(argument.choices)
    low, high = argument.minimum, argument.maximum
    assert low is not None
    assert high is not None
    if argument.kind is Kind.WINDOW:
        return st.integers(int(low), min(int(high), LONGEST))
    return st.floats(low, high)
