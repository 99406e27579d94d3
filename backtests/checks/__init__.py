"""What a trader should know before believing a result: pure judgements of one run."""

from backtests.checks.facts import Background, Facts, facts_of
from backtests.checks.finding import Finding, Verdict, summary
from backtests.checks.registry import CHECKS, Check, findings_of

__all__ = [
    "CHECKS",
    "Background",
    "Check",
    "Facts",
    "Finding",
    "Verdict",
    "facts_of",
    "findings_of",
    "summary",
]
