"""Checks of the candles: can they be trusted, and do they say enough?"""

from backtests.checks.facts import Facts
from backtests.checks.finding import Severity, Verdict
from backtests.checks.words import count, percent
from backtests.engine import worst_and_best

GRADES: dict[str, Severity] = {
    "A": "ok",
    "B": "ok",
    "C": "info",
    "D": "warning",
    "E": "warning",
    "F": "critical",
}
MANY = 0.05


def data_grade(facts: Facts) -> Verdict:
    """The series' grade of quality, and the share of its bars that are missing."""
    grade, missing = facts.background.grade, facts.background.missing
    if grade not in GRADES:
        return Verdict("info", missing, None, "The candles have never been graded.")
    sentence = (
        f"The candles are graded {grade} on a scale from A to F; {percent(missing)} of "
        "the series' bars are missing."
    )
    return Verdict(GRADES[grade], missing, None, sentence)


def ambiguous_bars(facts: Facts) -> Verdict:
    """The share of trades that ended on a bar which reaches both stop and target.

    A candle does not say which came first. Where there are such bars, the run is
    repeated with the stop first on each of them, and with the target first.
    """
    result = facts.result
    bars, trades = result.counters["ambiguous_bars"], len(result.trades)
    if not bars or not trades:
        sentence = "0 trades ended on a bar that reaches both stop and target."
        return Verdict("ok", 0.0, MANY, sentence)
    share = bars / trades
    runs = worst_and_best(facts.candles, facts.signals, result.config)
    worst, best = (run.equity[-1] / run.equity[0] - 1 for run in runs)
    sentence = (
        f"{count(bars, 'trade')} ({percent(share)}) ended on a bar that reaches both "
        f"stop and target: the return is {percent(worst)} with the stop first each "
        f"time, and {percent(best)} with the target first."
    )
    return Verdict("warning" if share > MANY else "info", share, MANY, sentence)
