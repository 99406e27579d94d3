"""States, judgements and numbers as coloured words."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from backtests.models import Backtest, BacktestResult, Verification
from backtests.reports.labels import metric_text, metric_tone

NOTHING = "–"
TONES: dict[str, str] = {
    Backtest.Status.QUEUED: "waiting",
    Backtest.Status.RUNNING: "active",
    Backtest.Status.COMPLETED: "good",
    Backtest.Status.FAILED: "bad",
    Backtest.Status.CANCELLED: "off",
    Verification.Outcome.IDENTICAL: "good",
    Verification.Outcome.DIFFERENT: "bad",
    Verification.Outcome.DATA_CHANGED: "warning",
    Verification.Outcome.ENGINE_CHANGED: "warning",
    Verification.Outcome.STRATEGY_CHANGED: "warning",
    "ok": "good",
    "info": "active",
    "warning": "warning",
    "critical": "bad",
}
# What changed is enough where there is little room.
SHORT: dict[str, str] = {
    Verification.Outcome.DATA_CHANGED: "data",
    Verification.Outcome.ENGINE_CHANGED: "engine",
    Verification.Outcome.STRATEGY_CHANGED: "strategy",
}
LOUD = ("critical", "warning")


def tone_of(word: str) -> str:
    """Return the colour's name in the style sheet."""
    return TONES.get(word, "off")


def badge(word: str, text: str = "") -> SafeString:
    """Return a state, an outcome or a severity in its colour."""
    shown = text or word.replace("_", " ")
    return format_html('<span class="bf-badge bf-{}">{}</span>', tone_of(word), shown)


def checks_badge(result: BacktestResult | None) -> SafeString | str:
    """Return how many of a result's checks somebody should read, by severity."""
    if result is None or not result.checks:
        return NOTHING
    found = [check["severity"] for check in result.checks]
    loud = [(tone_of(kind), kind, found.count(kind)) for kind in LOUD if kind in found]
    form = '<span class="bf-badge bf-{}" title="{}">{}</span>'
    return format_html_join(" ", form, loud) if loud else badge("ok")


def outcome_badge(verification: Verification | None) -> SafeString | str:
    """Return how a verification stands, or what came of it."""
    if verification is None:
        return NOTHING
    word = verification.outcome or verification.status
    return badge(word, SHORT.get(word, word))


def metric_cell(result: BacktestResult | None, key: str) -> SafeString:
    """Return a metric in its unit, in the colour of its sign."""
    if result is None:
        return format_html('<span class="bf-number">{}</span>', NOTHING)
    value = result.metrics.get(key)
    return format_html(
        '<span class="bf-number bf-{}">{}</span>',
        metric_tone(key, value) or "plain",
        metric_text(key, value),
    )
