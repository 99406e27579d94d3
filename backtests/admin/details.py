"""What the page of one backtest shows."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from backtests.admin.badges import tone_of
from backtests.differences import Difference, verdict
from backtests.engine import ExecutionConfig
from backtests.models import Backtest, BacktestResult, Verification
from backtests.naming import strategy_name
from backtests.reports.configuration import setting_text
from backtests.reports.labels import (
    metric_groups,
    metric_name,
    metric_text,
    metric_tone,
)
from backtests.services.execution import STAGES

HEADLINE = {
    "total_return": "Return",
    "benchmark_return": "Buy and hold",
    "sharpe": "Sharpe",
    "max_drawdown": "Max drawdown",
    "trades": "Trades",
    "win_rate": "Win rate",
    "profit_factor": "Profit factor",
    "fees_paid": "Fees",
}
DEFAULTS = asdict(ExecutionConfig())
# Options that are shown even if they are the default.
IMPORTANT = {
    "initial capital",
    "fee rate",
    "slippage",
    "fill",
    "size mode",
    "size",
    "leverage",
    "allow short",
}
MAX_DIFFERENCES = 25


@dataclass(frozen=True, slots=True)
class Line:
    """A name, a value in words, and what to think of it: "gain", "loss", "changed"."""

    name: str
    value: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """The sections of the page, each empty where there is nothing to show."""

    strategy: str
    tone: str
    steps: int
    tiles: list[Line]
    parameters: list[Line]
    possible: set[str]
    execution: list[Line]
    options: list[Line]
    groups: list[tuple[str, list[Line]]]
    checks: list[dict[str, Any]] = field(default_factory=list)
    trials: str = ""
    manifest: str = ""
    purged: bool = False
    verification: Verification | None = None
    verification_word: str = ""
    verification_tone: str = ""
    verdict: str = ""
    differences: list[Difference] = field(default_factory=list)
    more_differences: int = 0


def details_of(backtest: Backtest) -> Details:
    """Gather the page from the row as the admin has loaded it, without its tables."""
    result: BacktestResult | None = getattr(backtest, "result", None)
    verification: Verification | None = getattr(backtest, "verification", None)
    options = _execution(backtest)
    differences = verification.differences if verification else []
    word = (verification.outcome or verification.status) if verification else ""
    return Details(
        strategy=strategy_name(backtest),
        tone=tone_of(backtest.status),
        steps=len(STAGES),
        tiles=_tiles(result) if result else [],
        parameters=[Line(k, str(v)) for k, v in backtest.parameters.items()],
        possible=_possible(backtest, result),
        execution=[line for line in options if line.tone or line.name in IMPORTANT],
        options=options,
        groups=_groups(result) if result else [],
        checks=result.checks if result else [],
        trials=str(result.trials.get("sentence", "")) if result else "",
        manifest=_pretty(result.manifest) if result else "",
        purged=result is not None and result.purged_at is not None,
        verification=verification,
        verification_word=word.replace("_", " "),
        verification_tone=tone_of(word),
        verdict=_verdict(verification),
        differences=differences[:MAX_DIFFERENCES],
        more_differences=max(0, len(differences) - MAX_DIFFERENCES),
    )


def _verdict(verification: Verification | None) -> str:
    if verification is None or not verification.outcome:
        return ""
    return verdict(verification.outcome, verification.differences)


def _possible(backtest: Backtest, result: BacktestResult | None) -> set[str]:
    """Return the actions that make sense for the backtest as it is."""
    if backtest.is_active:
        return {"cancel"}
    whole = result is not None and result.purged_at is None
    return {"rerun", "verify"} if whole else {"rerun"}


def _execution(backtest: Backtest) -> list[Line]:
    """Return every option in the engine's order; PostgreSQL keeps none."""
    return [
        Line(
            name.replace("_", " "),
            setting_text(name, backtest.execution[name]),
            "" if backtest.execution[name] == default else "changed",
        )
        for name, default in DEFAULTS.items()
        if name in backtest.execution
    ]


def _groups(result: BacktestResult) -> list[tuple[str, list[Line]]]:
    return [
        (title, [_metric(result, key) for key in keys if key in result.metrics])
        for title, keys in metric_groups()
    ]


def _tiles(result: BacktestResult) -> list[Line]:
    return [replace(_metric(result, key), name=name) for key, name in HEADLINE.items()]


def _metric(result: BacktestResult, key: str) -> Line:
    value = result.metrics.get(key)
    return Line(metric_name(key), metric_text(key, value), metric_tone(key, value))


def _pretty(manifest: dict[str, Any]) -> str:
    return json.dumps(manifest, indent=2, ensure_ascii=False)
