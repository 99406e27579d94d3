"""How the engine gets the signals of many combinations of one strategy."""

from collections.abc import Sequence

from backtests.engine import Calculated, Crossings, ExecutionConfig
from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy, Values
from strategies.language.crossings import crossing_lines, crossing_of
from strategies.language.strategy import LanguageStrategy


def source_of(
    strategy: BaseStrategy,
    ohlcv: Ohlcv,
    combinations: Sequence[Values],
    config: ExecutionConfig,
) -> Crossings | Calculated:
    """Return the cheapest source; combinations have passed the strategy's check."""
    if not isinstance(strategy, LanguageStrategy):
        return Calculated(
            len(combinations),
            lambda i: strategy.generate_signals(ohlcv, combinations[i]),
        )
    return _crossings(strategy, ohlcv, combinations, config) or _shared(
        strategy, ohlcv, combinations
    )


def _crossings(
    strategy: LanguageStrategy,
    ohlcv: Ohlcv,
    combinations: Sequence[Values],
    config: ExecutionConfig,
) -> Crossings | None:
    crossing = crossing_of(strategy.program)
    # The engine's crossings go short wherever the run allows it.
    if crossing is None or (config.allow_short and not crossing.short):
        return None
    frames = strategy.frames(ohlcv)
    lines = crossing_lines(strategy.program, crossing, frames, combinations)
    return None if lines is None else Crossings(lines.lines, lines.pairs)


def _shared(
    strategy: LanguageStrategy, ohlcv: Ohlcv, combinations: Sequence[Values]
) -> Calculated:
    sweep = strategy.sweep(ohlcv)
    return Calculated(len(combinations), lambda i: sweep.signals(combinations[i]))
