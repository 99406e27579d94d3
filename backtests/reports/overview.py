"""The first screen: what was tested, how far to believe it, and how it did."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from backtests.reports import numbers
from backtests.reports.data import ReportData
from backtests.reports.labels import metric_text, metric_tone

# From worst to best, as the checks call them; an unknown one comes before "ok".
SEVERITIES = ("critical", "warning", "info", "ok")
# The codes of checks that are not their own name.
_NAMES = {
    "break_even_cost": "Break-even cost",
    "excess_pvalue": "Luck of the lead",
    "look_ahead": "Look-ahead",
    "return_pvalue": "Luck of the return",
    "warm_up": "Warm-up",
}
_WORDS = {
    "critical": ("critical finding", "critical findings"),
    "warning": ("warning", "warnings"),
}


@dataclass(frozen=True, slots=True)
class Check:
    severity: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks come to; ``severity`` is that of the worst, "" without any."""

    severity: str
    headline: str
    raised: list[Check]
    passed: list[Check]


@dataclass(frozen=True, slots=True)
class Tile:
    name: str
    value: str
    tone: str
    note: str


def verdict_of(data: ReportData) -> Verdict:
    """Return the checks, the worst first, and what they come to in a few words."""
    checks = sorted(map(_check, data.checks), key=lambda c: _rank(c.severity))
    counts = {s: sum(c.severity == s for c in checks) for s in SEVERITIES}
    found = [
        f"{counts[severity]} {one if counts[severity] == 1 else many}"
        for severity, (one, many) in _WORDS.items()
        if counts[severity]
    ]
    if not checks:
        return Verdict("", "Not checked", [], [])
    return Verdict(
        severity=checks[0].severity,
        headline=" and ".join(found) or "All checks passed",
        raised=[check for check in checks if check.severity != "ok"],
        passed=[check for check in checks if check.severity == "ok"],
    )


def trials_text(data: ReportData) -> str:
    """Return what the number of variants tried says about the Sharpe ratio; or ""."""
    trials = data.trials
    count, psr, deflated = (trials.get(k) for k in ("count", "psr", "deflated_sharpe"))
    if not count:
        return ""
    tried = "One variant was" if count == 1 else f"{count:,} variants were"
    sentences = [f"{tried} tried of this strategy on these candles."]
    if psr is not None:
        sentences.append(
            f"The true Sharpe is above 0 with probability {numbers.percent(psr)}."
        )
    hurdle = trials.get("expected_max_sharpe_annual")
    if hurdle and deflated is not None:
        sentences.append(
            f"The best of so many would show {numbers.ratio(hurdle)} by chance; the "
            f"true one is higher with probability {numbers.percent(deflated)}."
        )
    return " ".join(sentences)


def tiles_of(data: ReportData) -> list[Tile]:
    """Return the headline metrics, each with another that puts it in its place."""
    deflated = data.trials.get("deflated_sharpe")
    sharpe = _note(data, "sortino {}", "sortino")
    if deflated is not None and data.trials.get("expected_max_sharpe_annual"):
        sharpe = (
            f"deflated {numbers.percent(deflated)}, {data.trials['count']:,} trials"
        )
    return [
        _tile(data, "Total return", "total_return", "ends at {}", "final_equity"),
        _tile(
            data,
            "Above buy and hold",
            "excess_return",
            "which made {}",
            "benchmark_return",
        ),
        _tile(data, "CAGR", "cagr", "volatility {}", "volatility"),
        replace(_tile(data, "Sharpe, daily", "sharpe"), note=sharpe),
        _tile(data, "Max drawdown", "max_drawdown", "longest {}", "max_dd_duration"),
        _tile(data, "Profit factor", "profit_factor", "win rate {}", "win_rate"),
        _tile(data, "Closed trades", "trades", "{} each on average", "expectancy_pct"),
        _tile(
            data, "Fees paid", "fees_paid", "{} of the time invested", "time_in_market"
        ),
    ]


def _tile(
    data: ReportData, name: str, key: str, note: str = "", other: str = ""
) -> Tile:
    value = data.metrics.get(key)
    tone = "loss" if key == "max_drawdown" and value else metric_tone(key, value)
    return Tile(name, metric_text(key, value), tone, _note(data, note, other))


def _note(data: ReportData, note: str, key: str) -> str:
    """Return the sentence with the metric in it; "" where that is undefined."""
    value = data.metrics.get(key)
    return "" if value is None else note.format(metric_text(key, value))


def _check(finding: Mapping[str, Any]) -> Check:
    code = str(finding["code"])
    name = _NAMES.get(code, code.replace("_", " ").capitalize())
    return Check(str(finding["severity"]), name, str(finding["sentence"]))


def _rank(severity: str) -> int:
    known = severity in SEVERITIES
    return SEVERITIES.index(severity) if known else SEVERITIES.index("info")
