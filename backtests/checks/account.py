"""Checks of the account: was it taken away?"""

from backtests.checks.facts import Facts
from backtests.checks.finding import Verdict
from backtests.checks.words import count


def liquidation(facts: Facts) -> Verdict:
    """How often positions were liquidated, bankruptcy included."""
    result = facts.result
    times = result.counters["liquidations"]
    if result.bankrupt:
        sentence = "The account went bankrupt (1 time is enough): nothing is left."
        return Verdict("critical", max(times, 1), 0, sentence)
    if times:
        sentence = (
            f"{count(times, 'position')} had to be liquidated: the leverage is too "
            "high for the moves that these stops, or none, let pass."
        )
        return Verdict("critical", times, 0, sentence)
    return Verdict("ok", 0, 0, "0 positions were liquidated.")
