"""Runs to be judged: a few daily candles, signals by bar number, all else harmless."""

from collections.abc import Sequence
from typing import Any

from backtests.checks import CHECKS, Background, Facts, Verdict, facts_of
from backtests.engine import ExecutionConfig, measure, simulate
from backtests.tests.engine.scenario import Row, candles, free, signals
from strategies.causality import CausalityCheck

KNOWN: dict[str, Any] = {
    "grade": "A",
    "missing": 0.0,
    "warmup_wanted": 0,
    "warmup_found": 0,
    "causality": CausalityCheck((1, 2), None),
}


def still(*prices: float) -> list[Row]:
    """Return candles that stand at one price each, opening at the one before."""
    opens = (prices[0], *prices[:-1])
    return [(a, max(a, b), min(a, b), b) for a, b in zip(opens, prices, strict=True)]


def facts(
    rows: Sequence[Row],
    config: ExecutionConfig | None = None,
    known: dict[str, Any] | None = None,
    **at: Sequence[int],
) -> Facts:
    """Run the rows, one unit without costs unless told, fills at the close."""
    config = free(fill="same_close") if config is None else config
    ohlcv, orders = candles(rows), signals(len(rows), **at)
    result = simulate(ohlcv, orders, config)
    background = Background(**(KNOWN | (known or {})))
    return facts_of(result, measure(result, ohlcv), ohlcv, orders, background)


def verdict(code: str, case: Facts) -> Verdict:
    return CHECKS[code].judge(case)
