"""What can be said of a program without running it."""

from collections.abc import Mapping
from dataclasses import dataclass

from botforge.errors import FieldError, InvalidInput
from strategies.base import Parameter, Value
from strategies.language.costs import Cost, cost_of
from strategies.language.diagnostics import CodeRejected, Diagnostic, Place
from strategies.language.program import Program
from strategies.language.strategy import DEFAULT_TIMEFRAME_MS, LanguageStrategy

START = Place(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Validation:
    """What a program declares, needs and costs; ``values`` are its parameters'."""

    parameters: tuple[Parameter, ...]
    values: Mapping[str, Value]
    warmup_bars: int
    functions: tuple[str, ...]
    outputs: tuple[str, ...]
    plots: tuple[str, ...]
    cost: Cost


def validate(
    code: str,
    parameters: Mapping[str, object],
    timeframe_ms: int = DEFAULT_TIMEFRAME_MS,
) -> Validation:
    """Return what the program is; raises ``CodeRejected`` with all of its problems,
    those of the parameters at the places that declare them."""
    strategy = LanguageStrategy.of(code)
    program = strategy.program
    try:
        strategy = strategy.on(timeframe_ms)
        values = strategy.resolve(parameters)
    except InvalidInput as error:
        raise CodeRejected(*(_placed(program, e) for e in error.errors)) from error
    return Validation(
        parameters=program.parameters,
        values=values,
        warmup_bars=strategy.warmup_bars(values),
        functions=program.functions,
        outputs=tuple(program.outputs),
        plots=tuple(program.plots),
        cost=cost_of(program, timeframe_ms),
    )


def _placed(program: Program, error: FieldError) -> Diagnostic:
    name = error.pointer.removeprefix("/parameters/")
    place = program.declared_at.get(name, START)
    return Diagnostic(
        error.code,
        error.detail,
        place.line,
        place.column,
        place.end_line,
        place.end_column,
    )
