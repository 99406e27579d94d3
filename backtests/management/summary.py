"""A run for a person at a terminal, and for a script."""

from dataclasses import asdict
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from backtests.downsampling import keep_extremes
from backtests.engine import ExecutionConfig
from backtests.reports.configuration import setting_text
from backtests.reports.labels import metric_name, metric_text, metric_tone
from backtests.results import equity_columns
from backtests.services.direct import DirectRun

# A metric, and what stands for it when the same money had only been held.
ROWS = (
    ("total_return", "benchmark_return"),
    ("annual_return", "benchmark_annual_return"),
    ("max_drawdown", "benchmark_max_drawdown"),
    ("volatility", ""),
    ("sharpe", ""),
    ("sortino", ""),
    ("trades", ""),
    ("win_rate", ""),
    ("profit_factor", ""),
    ("time_in_market", ""),
    ("fees_paid", ""),
    ("final_equity", ""),
)
COLOURS = {"critical": "red", "warning": "yellow", "info": "blue"}
TONES = {"gain": "green", "loss": "red"}
ALWAYS_SHOWN = ("initial_capital", "fee_rate", "slippage", "fill")
BLOCKS = "▁▂▃▄▅▆▇█"
POINTS = 60


def print_run(console: Console, run: DirectRun) -> None:
    """Print what was run, what came out, and what to think of it."""
    _print_request(console, run)
    _print_metrics(console, run)
    _print_curves(console, run)
    _print_checks(console, run)
    if sentence := run.row.trials.get("sentence"):
        console.print(escape(sentence))


def run_json(run: DirectRun) -> dict[str, Any]:
    """Return the run for a script."""
    backtest, series = run.backtest, run.backtest.series
    return {
        "id": backtest.pk,
        "library": backtest.library or None,
        "parameters": backtest.parameters,
        "series": {
            "id": series.pk,
            "source": series.instrument.source,
            "symbol": series.instrument.symbol,
            "timeframe": series.timeframe,
        },
        "start": backtest.start.isoformat(),
        "end": backtest.end.isoformat(),
        "bars": backtest.bars,
        "execution": backtest.execution,
        "metrics": run.row.metrics,
        "checks": run.row.checks,
        "trials": run.row.trials,
        "manifest": run.row.manifest,
        "duration_ms": run.duration_ms,
    }


def _print_request(console: Console, run: DirectRun) -> None:
    backtest, said = run.backtest, run.row.manifest["data"]
    values = "  ".join(f"{k}={v}" for k, v in backtest.parameters.items())
    title = run.computed.run.strategy.title
    if (version := backtest.strategy_version) is not None:
        title = f"{version.strategy.name}, version {version.number}"
    console.print(f"[bold]{escape(title)}[/]  {escape(values)}")
    console.print(
        f"{escape(str(backtest.series))}, {backtest.start:%Y-%m-%d %H:%M} to "
        f"{backtest.end:%Y-%m-%d %H:%M} UTC, {said['bars']:,} bars after "
        f"{said['warmup_bars']:,} of warm-up, grade {said['grade'] or '–'}"
    )
    console.print(escape(", ".join(_settings(backtest.execution))))
    console.print()


def _settings(execution: dict[str, Any]) -> list[str]:
    """Return the options that matter always, and those that are not the default."""
    default = asdict(ExecutionConfig())
    return [
        f"{name.replace('_', ' ')} {setting_text(name, value)}"
        for name, value in execution.items()
        if name in ALWAYS_SHOWN or value != default[name]
    ]


def _print_metrics(console: Console, run: DirectRun) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column("this run", justify="right")
    table.add_column("buy and hold", justify="right")
    for key, held in ROWS:
        table.add_row(metric_name(key), _metric(run, key), _metric(run, held))
    console.print(table)
    console.print()


def _metric(run: DirectRun, key: str) -> str:
    if not key:
        return ""
    value = run.row.metrics.get(key)
    text, colour = metric_text(key, value), TONES.get(metric_tone(key, value))
    return f"[{colour}]{text}[/]" if colour else text


def _print_curves(console: Console, run: DirectRun) -> None:
    """Print both equities as lines of blocks, on one scale from lowest to highest."""
    columns = equity_columns(run.row)
    kept = keep_extremes(columns["equity"], POINTS)
    curves = {"equity": columns["equity"][kept], "held": columns["benchmark"][kept]}
    both = np.concatenate(list(curves.values()))
    low, high = np.nanmin(both), np.nanmax(both)
    span = float(high - low) or 1.0
    for name, curve in curves.items():
        levels = (np.nan_to_num(curve - low) / span * (len(BLOCKS) - 1)).astype(int)
        console.print(f"{name:<8}{''.join(BLOCKS[level] for level in levels)}")
    console.print()


def _print_checks(console: Console, run: DirectRun) -> None:
    loud = [check for check in run.row.checks if check["severity"] in COLOURS]
    table = Table(box=None, pad_edge=False, show_header=False)
    for check in loud:
        severity = check["severity"]
        colour = COLOURS[severity]
        table.add_row(f"[{colour}]{severity}[/]", escape(check["sentence"]))
    if loud:
        console.print(table)
    fine = len(run.row.checks) - len(loud)
    console.print(f"{fine} of {len(run.row.checks)} checks found nothing.")
