"""Results to report on, computed without a database."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from backtests.computation import Run, compute
from backtests.engine import ExecutionConfig
from backtests.models import Backtest, BacktestResult
from backtests.outcome import checks_of, result_row
from backtests.reporting import report_data_of
from backtests.reports import ReportData
from backtests.tests.factories import walk
from marketdata.models import Instrument, Series
from marketdata.ohlcv import Ohlcv
from strategies.base import BaseStrategy
from strategies.library.registry import LIBRARY

HOUR_MS = 3_600_000


def report_on(
    candles: Ohlcv,
    strategy: str | BaseStrategy = "ma_cross",
    parameters: Mapping[str, object] | None = None,
    *,
    filed: Mapping[str, Any] | None = None,
    **execution: Any,
) -> ReportData:
    """Return a run's report; ``filed`` are columns of its backtest."""
    backtest, row, window = stored_run(
        candles, strategy, parameters, filed=filed, **execution
    )
    return report_data_of(backtest, row, window)


def stored_run(
    candles: Ohlcv,
    strategy: str | BaseStrategy = "ma_cross",
    parameters: Mapping[str, object] | None = None,
    *,
    filed: Mapping[str, Any] | None = None,
    **execution: Any,
) -> tuple[Backtest, BacktestResult, Ohlcv]:
    """Run a strategy over hourly candles; return the unsaved rows and the candles."""
    chosen = LIBRARY[strategy] if isinstance(strategy, str) else strategy
    runnable = chosen.on(HOUR_MS)
    values = runnable.resolve(parameters or {})
    config = ExecutionConfig(**execution)
    instrument = Instrument(source="toys", symbol="WALK/USDT")
    series = Series(instrument=instrument, timeframe="1h", grade="A", bars=len(candles))
    backtest = Backtest(
        library=runnable.slug if isinstance(strategy, str) else "ma_cross",
        series=series,
        parameters=dict(values),
        start=_moment(int(candles.time[0])),
        end=_moment(int(candles.time[-1]) + HOUR_MS),
        bars=len(candles),
        execution=asdict(config),
        **(filed or {}),
    )
    run = Run(
        strategy=runnable,
        parameters=values,
        config=config,
        candles=candles,
        warmup=0,
        days_per_year=instrument.days_per_year,
    )
    computed = compute(run)
    row = result_row(backtest, computed)
    row.checks = checks_of(backtest, computed)
    return backtest, row, run.window


def busy(bars: int = 2_000, **filed: Any) -> ReportData:
    """Return a run with stops, shorts, overlays and a pane."""
    return report_on(
        walk(bars),
        "rsi_reversion",
        {"period": 5},
        filed=filed,
        allow_short=True,
        stop_loss=0.02,
        take_profit=0.03,
    )


def _moment(time_ms: int) -> datetime:
    return datetime.fromtimestamp(time_ms / 1000, UTC)
