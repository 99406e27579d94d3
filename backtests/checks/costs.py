"""Checks of the costs: what the fees leave, and how much more would be too much."""

import math

from backtests.checks.facts import Facts
from backtests.checks.finding import Verdict
from backtests.checks.words import percent

HALF = 0.5
# Fees may double before the profit is gone: less room than that is a warning.
ROOM = 2.0
BPS = 10_000


def fees_eat_profit(facts: Facts) -> Verdict:
    """Fees as a share of the profit before fees and funding."""
    fees = facts.metrics["fees_paid"]
    if facts.profit <= 0:
        sentence = "Before fees there was no profit that they could have eaten."
        return Verdict("ok", math.nan, HALF, sentence)
    share = fees / facts.profit
    sentence = f"Fees took {percent(share)} of the profit before costs"
    if share >= 1:
        return Verdict("critical", share, HALF, f"{sentence}: all of it.")
    if share > HALF:
        return Verdict("warning", share, HALF, f"{sentence}: more than half.")
    return Verdict("ok", share, HALF, f"{sentence}.")


def break_even_cost(facts: Facts) -> Verdict:
    """The fee per fill, in basis points of its value, at which nothing is left.

    Profit before fees over the value of all fills, their sizes left as they were;
    slippage is inside the prices. The threshold is twice what the run paid.
    """
    if not facts.traded > 0:
        return Verdict("ok", math.nan, None, "Nothing was traded, so nothing was paid.")
    paid = BPS * facts.metrics["fees_paid"] / facts.traded
    bearable = BPS * facts.profit / facts.traded
    limit = ROOM * paid
    sentence = (
        f"The profit would be gone at fees of {bearable:,.1f} bps of each fill; the "
        f"run paid {paid:,.1f}"
    )
    if bearable <= 0:
        sentence = (
            f"The trades lost {-bearable:,.1f} bps of each fill before any fee: no fee "
            "is low enough."
        )
        return Verdict("warning", bearable, limit, sentence)
    if bearable < limit:
        return Verdict("warning", bearable, limit, f"{sentence}: there is little room.")
    if paid <= 0:
        sentence = f"{sentence}, which no market grants for long."
        return Verdict("info", bearable, limit, sentence)
    return Verdict("ok", bearable, limit, f"{sentence}.")
