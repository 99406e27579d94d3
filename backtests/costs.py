"""What a run will take of a worker, before it runs: seconds and memory.

An estimate, from bars and the strategy's graph alone, so that the same request always
costs the same. The figures are those of `bench/costs.py`.
"""

from dataclasses import dataclass

from strategies.base import BaseStrategy, Values
from strategies.language.costs import cost_of
from strategies.language.memory import kept_bytes
from strategies.language.strategy import DEFAULT_TIMEFRAME_MS, LanguageStrategy

# The process, its connection and the status, whatever the run.
SECONDS_PER_RUN = 0.03
# Read, simulate, measure, check and store a bar.
SECONDS_PER_BAR = 3e-7
# About a nanosecond each, and twice: the look-ahead check decides again.
SECONDS_PER_ADDITION = 2e-9
# A built-in strategy in Python: a few indicators.
BUILT_IN_ADDITIONS = 20.0
# Candles, signals, equity, drawdown, benchmark and what is encoded of them.
BYTES_PER_BAR = 160


@dataclass(frozen=True, slots=True)
class Estimate:
    """``seconds`` of one worker, and ``bytes`` beyond what an idle one holds."""

    seconds: float
    bytes: float


def estimate(strategy: BaseStrategy, bars: int, parameters: Values) -> Estimate:
    """Return what the strategy takes over so many bars, the warm-up among them.

    ``strategy`` is the one that runs, on the series' timeframe.
    """
    additions, held = BUILT_IN_ADDITIONS, 0.0
    if isinstance(strategy, LanguageStrategy):
        timeframe_ms = strategy.timeframe_ms or DEFAULT_TIMEFRAME_MS
        cost = cost_of(strategy.program, timeframe_ms, parameters)
        # The look-ahead check decides again while the results are still there.
        program = strategy.program
        results = kept_bytes(program.graph, program.all_roots)
        additions, held = cost.additions_per_bar, cost.bytes_per_bar + results
    per_bar = SECONDS_PER_BAR + SECONDS_PER_ADDITION * additions
    return Estimate(SECONDS_PER_RUN + bars * per_bar, bars * (BYTES_PER_BAR + held))
