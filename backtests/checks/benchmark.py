"""Checks against what doing nothing would have made: holding, or holding nothing."""

import math

import numpy as np
from numpy.typing import NDArray

from backtests.checks.facts import Facts
from backtests.checks.finding import Verdict
from backtests.checks.words import count, percent
from backtests.engine.statistics import mean_test

LEVEL = 0.05
# The normal distribution of the test is one for many days.
ENOUGH_DAYS = 30


def below_buy_and_hold(facts: Facts) -> Verdict:
    """Total return minus that of buying and holding with the same costs."""
    ours, theirs = (facts.metrics[k] for k in ("total_return", "benchmark_return"))
    ahead = facts.metrics["excess_return"]
    if math.isnan(ahead):
        return Verdict("info", ahead, 0.0, "There is nothing to compare the run with.")
    sentence = (
        f"The run made {percent(ours)} and buying and holding {percent(theirs)} with "
        f"the same costs, a difference of {percent(ahead)}"
    )
    if ahead < 0:
        return Verdict("warning", ahead, 0.0, f"{sentence}: doing nothing was better.")
    return Verdict("ok", ahead, 0.0, f"{sentence}.")


def return_pvalue(facts: Facts) -> Verdict:
    """How likely a mean daily return like this is when the true one is 0."""
    return _verdict(facts.days, "a mean daily return as high as this one", "0")


def excess_pvalue(facts: Facts) -> Verdict:
    """The same of the daily return above that of buying and holding."""
    ahead = facts.days - facts.benchmark_days
    return _verdict(ahead, "a lead over buying and holding like this one", "none")


def _verdict(returns: NDArray[np.float64], what: str, nothing: str) -> Verdict:
    days = len(returns)
    pvalue = mean_test(returns).pvalue if days >= ENOUGH_DAYS else math.nan
    if days < ENOUGH_DAYS:
        sentence = (
            f"{count(days, 'daily return')} are too few to test: at least "
            f"{ENOUGH_DAYS} are needed."
        )
        return Verdict("warning", pvalue, LEVEL, sentence)
    if math.isnan(pvalue):
        sentence = f"The {days:,} daily returns never differ, so there is no test."
        return Verdict("warning", pvalue, LEVEL, sentence)
    sentence = (
        f"Chance alone brings {what} in {percent(pvalue)} of {days:,} days' runs if "
        f"the true one is {nothing}"
    )
    if pvalue > LEVEL:
        return Verdict("warning", pvalue, LEVEL, f"{sentence}: it may well be luck.")
    return Verdict("ok", pvalue, LEVEL, f"{sentence}.")
