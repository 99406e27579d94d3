"""What a computed run came to, as the row that is stored. Nothing is written here."""

from typing import Any

from backtests.checks import Background, facts_of, findings_of
from backtests.computation import Computed, Run
from backtests.engine import Calendar, track_record
from backtests.ledger import record_json
from backtests.manifest import manifest_of
from backtests.models import Backtest, BacktestResult
from backtests.plots import encode_plots
from backtests.results import (
    equity_table,
    fill_table,
    open_trade_dict,
    trade_table,
)
from backtests.tables import encode_table
from botforge.errors import BotForgeError
from strategies.base import Signals
from strategies.causality import CausalityCheck, check_causality


def result_row(backtest: Backtest, computed: Computed) -> BacktestResult:
    """Return the unsaved row that holds everything the run came to.

    ``checks`` (see ``checks_of``) and what the ledger makes of the run are added by
    who stores it; ``trials`` holds the record that the ledger needs.
    """
    run, result = computed.run, computed.result
    calendar = Calendar.of(run.days_per_year)
    record = track_record(result.time, result.equity, calendar)
    return BacktestResult(
        backtest=backtest,
        metrics=computed.metrics.to_dict(),
        manifest=manifest_of(backtest, run.strategy, run.candles, run.warmup),
        equity=encode_table(equity_table(result, run.window)),
        trades=encode_table(trade_table(result)),
        fills=encode_table(fill_table(result)),
        plots=encode_plots(
            result, run.window, computed.decisions.slice(run.warmup, len(run.candles))
        ),
        open_trade=open_trade_dict(result),
        counters=result.counters,
        trials=record_json(record),
    )


def checks_of(backtest: Backtest, computed: Computed) -> list[dict[str, Any]]:
    """Return what every check says of the run, for JSON."""
    run, signals = computed.run, computed.decisions.signals
    series = backtest.series
    expected = series.bars + series.missing_bars
    background = Background(
        grade=series.grade,
        missing=series.missing_bars / expected if expected else 0.0,
        warmup_wanted=run.strategy.warmup_bars(run.parameters),
        warmup_found=run.warmup,
        causality=_causality(run, signals),
    )
    traded = signals.slice(run.warmup, len(run.candles))
    facts = facts_of(computed.result, computed.metrics, run.window, traded, background)
    return [finding.to_dict() for finding in findings_of(facts)]


def _causality(run: Run, signals: Signals) -> CausalityCheck | None:
    """Return the comparison; None where the strategy cannot be run on fewer candles."""
    try:
        return check_causality(run.strategy, run.candles, run.parameters, signals)
    except (BotForgeError, ArithmeticError, LookupError, ValueError):
        # An operator's class may need a minimum of candles; the run itself went well.
        return None
