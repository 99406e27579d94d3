"""User code as one more strategy."""

from functools import lru_cache
from typing import Self

from botforge.errors import FieldError, InvalidInput
from marketdata.ohlcv import Ohlcv
from marketdata.timeframes import MINUTE_MS
from strategies.base import BaseStrategy, Decisions, Signals, Values
from strategies.language.compiling import compile_program
from strategies.language.costs import check_cost
from strategies.language.evaluation import named
from strategies.language.limits import DEFAULT_LIMITS, Limits
from strategies.language.program import Program
from strategies.language.scalars import check_scalars
from strategies.language.signals import decisions_of, signals_of
from strategies.language.sweeping import SweepSignals
from strategies.language.timeframes import Frames, check_multiples
from strategies.language.warming import warmup_of

# Without a word about the candles, the warm-up of htf() is that of hourly ones.
DEFAULT_TIMEFRAME_MS = 60 * MINUTE_MS
# A worker runs the same text again and again: rerun, sweep, walk-forward.
compile_cached = lru_cache(maxsize=64)(compile_program)


class LanguageStrategy(BaseStrategy):
    """A program of the strategy language, interpreted.

    ``timeframe_ms`` is that of the candles to come; None reads it off the candles,
    which a run should not rely on: with gaps it can be anything.
    """

    slug = "own"
    title = "Own strategy"

    def __init__(self, program: Program, timeframe_ms: int | None = None) -> None:
        self.program = program
        self.timeframe_ms = timeframe_ms
        self.parameters = program.parameters
        self.gives_stops = "stop_loss" in program.outputs

    @classmethod
    def of(cls, code: str, limits: Limits = DEFAULT_LIMITS) -> Self:
        """Compile the code; raises ``CodeRejected`` with all of its problems."""
        return cls(compile_cached(code, limits))

    def on(self, timeframe_ms: int) -> Self:
        check_multiples(self.program.timeframes, timeframe_ms)
        return type(self)(self.program, timeframe_ms)

    @property
    def source(self) -> str:
        return self.program.code

    def check_together(self, parameters: Values) -> tuple[FieldError, ...]:
        return check_scalars(self.program, parameters)

    def check_run(
        self, bars: int, parameters: Values | None = None
    ) -> tuple[FieldError, ...]:
        timeframe_ms = self.timeframe_ms or DEFAULT_TIMEFRAME_MS
        return check_cost(self.program, bars, timeframe_ms, parameters)

    def warmup_bars(self, parameters: Values) -> int:
        timeframe_ms = self.timeframe_ms or DEFAULT_TIMEFRAME_MS
        return warmup_of(self.program, parameters, timeframe_ms)

    def generate_signals(self, ohlcv: Ohlcv, parameters: Values) -> Signals:
        program = self.program
        arrays = named(
            program.graph,
            program.outputs,
            self.frames(ohlcv, parameters),
            parameters,
            most_additions=program.limits.cost,
        )
        return signals_of(len(ohlcv), arrays)

    def decide(self, ohlcv: Ohlcv, parameters: Values) -> Decisions:
        return decisions_of(self.program, self.frames(ohlcv, parameters), parameters)

    def sweep(self, ohlcv: Ohlcv) -> SweepSignals:
        """Return what gives the signals of many parameter sets over these candles."""
        return SweepSignals(self.program, self.frames(ohlcv))

    def frames(self, ohlcv: Ohlcv, parameters: Values | None = None) -> Frames:
        """Return the timeframes of the candles; refuses a run that costs too much."""
        errors = self.check_run(len(ohlcv), parameters)
        if errors:
            raise InvalidInput(*errors)
        return Frames(ohlcv, self.timeframe_ms)
