"""What can be said of a program without running it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from botforge.errors import FieldError, InvalidInput
from strategies.base import Parameter, Value
from strategies.language.costs import Cost, cost_of
from strategies.language.diagnostics import (
    CodeRejected,
    Diagnosed,
    Diagnostic,
    Place,
    diagnostic_at,
)
from strategies.language.limits import DEFAULT_LIMITS, Limits
from strategies.language.program import Program
from strategies.language.strategy import DEFAULT_TIMEFRAME_MS, LanguageStrategy
from strategies.language.timeframes import misfits
from strategies.rehearsal import (
    Rehearsal,
    bars_computed,
    bars_to_rehearse,
    made_up_candles,
    rehearse,
)

START = Place(1, 1, 1, 1)
# Of a rehearsal while somebody waits: less than a second.
MOST_ADDITIONS = 1e9


@dataclass(frozen=True, slots=True)
class Validation:
    """What a program declares, needs and costs; ``values`` are its parameters'."""

    parameters: tuple[Parameter, ...]
    values: Mapping[str, Value]
    warmup_bars: int
    functions: tuple[str, ...]
    outputs: tuple[str, ...]
    plots: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]
    cost: Cost
    strategy: LanguageStrategy


def validate(
    code: str,
    parameters: Mapping[str, object],
    timeframe_ms: int = DEFAULT_TIMEFRAME_MS,
    limits: Limits = DEFAULT_LIMITS,
) -> Validation:
    """Return what the program is; raises ``CodeRejected`` with all of its problems,
    those of the parameters at the places that declare them."""
    strategy = LanguageStrategy.of(code, limits)
    program = strategy.program
    problems = [
        diagnostic_at(program.timeframes[code], error.code, error.detail)
        for code, error in misfits(program.timeframes, timeframe_ms).items()
    ]
    try:
        values = resolved(strategy, parameters)
    except Diagnosed as error:
        problems.extend(error.diagnostics)
        raise CodeRejected(*problems[: limits.diagnostics]) from error
    if problems:
        raise CodeRejected(*problems)
    strategy = strategy.on(timeframe_ms)
    return Validation(
        parameters=program.parameters,
        values=values,
        warmup_bars=strategy.warmup_bars(values),
        functions=program.functions,
        outputs=tuple(program.outputs),
        plots=tuple(program.plots),
        warnings=program.warnings,
        cost=cost_of(program, timeframe_ms, values),
        strategy=strategy,
    )


def resolved(
    strategy: LanguageStrategy, parameters: Mapping[str, object]
) -> dict[str, Value]:
    """Return the program's parameters under these values; raises ``Diagnosed`` with
    what is wrong with them, and where the text declares them."""
    try:
        return strategy.resolve(parameters)
    except InvalidInput as error:
        most = strategy.program.limits.diagnostics
        places = [_placed(strategy.program, e) for e in error.errors[:most]]
        raise Diagnosed(error.errors, places) from error


def rehearsed(found: Validation) -> Rehearsal | None:
    """Try the program on made-up candles; None where that would take too long."""
    timeframe_ms = found.strategy.timeframe_ms or DEFAULT_TIMEFRAME_MS
    bars = bars_to_rehearse(found.warmup_bars)
    runs = bars_computed(bars) / bars
    program = found.strategy.program
    cost = min(int(MOST_ADDITIONS / runs), program.limits.cost)
    hurried = replace(program, limits=replace(program.limits, cost=cost))
    strategy = LanguageStrategy(hurried, timeframe_ms)
    try:
        return rehearse(strategy, found.values, made_up_candles(bars, timeframe_ms))
    except InvalidInput:
        return None


def _placed(program: Program, error: FieldError) -> Diagnostic:
    name = error.pointer.removeprefix("/parameters/")
    place = program.declared_at.get(name, START)
    return diagnostic_at(place, error.code, error.detail)
