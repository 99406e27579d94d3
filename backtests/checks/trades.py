"""Checks of the trades: how many, how even, how often."""

import math

import numpy as np

from backtests.checks.facts import Facts
from backtests.checks.finding import Severity, Verdict
from backtests.checks.words import count, length, percent

FEW = 30
VERY_FEW = 10
MOST = 0.5
LONG = 0.25
REFUSED = ("rejected_cash", "rejected_min", "rejected_slots")


def few_trades(facts: Facts) -> Verdict:
    """Below 30 closed trades a mean says little, below 10 next to nothing."""
    closed = len(facts.result.trades)
    if closed >= FEW:
        sentence = f"{count(closed, 'trade')} were closed, enough to speak of a mean."
        return Verdict("ok", closed, FEW, sentence)
    refused = sum(facts.result.counters[name] for name in REFUSED)
    if not closed:
        why = f", and {count(refused, 'order')} refused for want of cash or size"
        sentence = (
            f"0 trades were closed{why if refused else ''}: there is nothing to judge "
            "the strategy by."
        )
    else:
        verb = "was" if closed == 1 else "were"
        sentence = (
            f"Only {count(closed, 'trade')} {verb} closed: with fewer than {FEW}, luck "
            "weighs more than skill."
        )
    severity: Severity = "warning" if closed >= VERY_FEW else "critical"
    return Verdict(severity, closed, FEW, sentence)


def one_big_trade(facts: Facts) -> Verdict:
    """The best trade's share of the net profit of all, the open one included."""
    result = facts.result
    profits = np.concatenate((result.trades["pnl"], result.open_trades["pnl"]))
    net = float(profits.sum())
    if not len(profits) or net <= 0:
        sentence = "The trades made no profit together, so no trade made most of it."
        return Verdict("ok", math.nan, MOST, sentence)
    share = float(profits.max()) / net
    sentence = f"The best trade made {percent(share)} of the net profit"
    if share >= 1:
        return Verdict(
            "critical", share, MOST, f"{sentence}: without it nothing is left."
        )
    if share > MOST:
        return Verdict(
            "warning", share, MOST, f"{sentence}: the result hangs on one event."
        )
    return Verdict("ok", share, MOST, f"{sentence}.")


def flat_period(facts: Facts) -> Verdict:
    """The longest time without a position, as a share of the whole run."""
    time, result = facts.result.time, facts.result
    whole = int(time[-1] - time[0])
    entered = np.concatenate(
        (result.trades["entry_bar"], result.open_trades["entry_bar"])
    )
    left = result.trades["exit_bar"]
    out = time[np.concatenate(([0], left))]
    back = time[np.concatenate((entered, [len(time) - 1]))]
    # One after the other, so each exit is followed by the next entry; a position that
    # is open in the end leaves no time after it.
    longest = int((back[: len(out)] - out).max())
    share = longest / whole
    sentence = (
        f"The longest time without a position was {length(longest / 1000)}, "
        f"{percent(share)} of the run"
    )
    if share > LONG:
        return Verdict("warning", share, LONG, f"{sentence}: it tested nothing then.")
    return Verdict("ok", share, LONG, f"{sentence}.")
