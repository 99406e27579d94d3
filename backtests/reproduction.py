"""Making a result again from its manifest, and saying what is not the same."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backtests.computation import CandlesGone, compute, run_of
from backtests.differences import (
    Difference,
    input_differences,
    record_differences,
    table_differences,
)
from backtests.models import Backtest, BacktestResult, Verification
from backtests.outcome import result_row
from backtests.results import table_of
from backtests.selectors import result_of

# What differs gives the outcome its name; the first that applies.
CAUSES = {
    "strategy": Verification.Outcome.STRATEGY_CHANGED,
    "data": Verification.Outcome.DATA_CHANGED,
    "engine": Verification.Outcome.ENGINE_CHANGED,
    "numbers": Verification.Outcome.DIFFERENT,
}


@dataclass(frozen=True, slots=True)
class Reproduction:
    """How a result compares with the same run made again."""

    differences: tuple[Difference, ...]

    @property
    def outcome(self) -> Verification.Outcome:
        """Return the cause that differs, or "different" if none does and the numbers
        do: that is a bug."""
        parts = {difference["part"] for difference in self.differences}
        named = (outcome for part, outcome in CAUSES.items() if part in parts)
        return next(named, Verification.Outcome.IDENTICAL)


def reproduce(backtest: Backtest) -> Reproduction:
    """Run a completed backtest again and compare; nothing is written.

    It runs even if the inputs have changed, to say whether the numbers differ. Raises
    ``BotForgeError`` if there is no result to compare with, or if the strategy cannot
    run any more.
    """
    stored = result_of(backtest, *BacktestResult.TABLES)
    said = stored.manifest["data"]
    again = _asked_again(backtest, stored.manifest)
    try:
        # As many as then: a series that has since begun earlier changes nothing.
        run = run_of(again, said["warmup_bars"])
    except CandlesGone:
        return Reproduction(_candles_gone(stored.manifest))
    # An operator may have given the market another calendar; the run had this one.
    days = said.get("days_per_year", run.days_per_year)
    row = result_row(again, compute(replace(run, days_per_year=days)))
    inputs = input_differences(stored.manifest, row.manifest)
    return Reproduction((*inputs, *_numbers(stored, row)))


def _asked_again(backtest: Backtest, manifest: dict[str, Any]) -> Backtest:
    """Return the unsaved backtest that the manifest means."""
    return Backtest(
        library=manifest["strategy"]["library"] or "",
        strategy_version=backtest.strategy_version,
        parameters=manifest["parameters"],
        series=backtest.series,
        start=datetime.fromisoformat(manifest["data"]["start"]),
        end=datetime.fromisoformat(manifest["data"]["end"]),
        execution=manifest["execution"],
    )


def _numbers(stored: BacktestResult, now: BacktestResult) -> Iterator[Difference]:
    yield from record_differences("metrics", stored.metrics, now.metrics)
    for table in BacktestResult.TABLES:
        if getattr(stored, table):
            before, after = table_of(stored, table), table_of(now, table)
            yield from table_differences(table, before, after)
    before, after = stored.open_trade or {}, now.open_trade or {}
    yield from record_differences("open_trade", before or dict.fromkeys(after), after)
    yield from record_differences("counters", stored.counters, now.counters)


def _candles_gone(manifest: dict[str, Any]) -> tuple[Difference, Difference]:
    bars = manifest["data"]["bars"]
    gone = Difference(
        part="data",
        name="bars",
        before=bars,
        after=0,
        detail="The candles of this window are gone.",
    )
    detail = "Without candles nothing can be computed."
    return gone, Difference(
        part="numbers", name="equity.rows", before=bars, after=0, detail=detail
    )
