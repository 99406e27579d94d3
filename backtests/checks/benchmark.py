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
# What float64 makes of no difference between two ways to the same account.
NOISE = 1e-12


def below_buy_and_hold(facts: Facts) -> Verdict:
    """Total return minus that of buying and holding with the same costs."""
    ours, theirs = (facts.metrics[k] for k in ("total_return", "benchmark_return"))
    ahead = facts.metrics["excess_return"]
    if math.isnan(ahead):
        return Verdict("info", ahead, 0.0, "There is nothing to compare the run with.")
    if abs(ahead) <= NOISE * max(1.0, abs(theirs)):
        sentence = f"The run made {percent(ours)}, as buying and holding did."
        return Verdict("ok", 0.0, 0.0, sentence)
    sentence = (
        f"The run made {percent(ours)} and buying and holding {percent(theirs)} with "
        f"the same costs, a difference of {percent(ahead)}"
    )
    if ahead < 0:
        return Verdict("warning", ahead, 0.0, f"{sentence}: doing nothing was better.")
    return Verdict("ok", ahead, 0.0, f"{sentence}.")


def return_pvalue(facts: Facts) -> Verdict:
    """How likely a mean daily return like this is when the true one is 0."""
    return _verdict(facts.days, "return", "0")


def excess_pvalue(facts: Facts) -> Verdict:
    """The same of the daily return above that of buying and holding."""
    ahead = facts.days - facts.benchmark_days
    ahead[np.abs(ahead) <= NOISE] = 0.0
    return _verdict(ahead, "lead over buying and holding", "none")


def _verdict(returns: NDArray[np.float64], what: str, nothing: str) -> Verdict:
    days = len(returns)
    if days < ENOUGH_DAYS:
        sentence = (
            f"{count(days, 'daily return')} are too few to test: at least "
            f"{ENOUGH_DAYS} are needed."
        )
        return Verdict("warning", math.nan, LEVEL, sentence)
    test = mean_test(returns)
    if math.isnan(test.pvalue):
        sentence = f"No two of {days:,} days differ in their {what}: there is no test."
        return Verdict("warning", test.pvalue, LEVEL, sentence)
    sentence = (
        f"Chance alone brings a mean daily {what} as high as the {100 * test.mean:.2g} "
        f"% here in {percent(test.pvalue)} of {days:,} days' runs if the true one is "
        f"{nothing}"
    )
    if test.mean <= 0:
        sentence = f"{sentence}: there is nothing to explain."
        return Verdict("warning", test.pvalue, LEVEL, sentence)
    if test.pvalue > LEVEL:
        sentence = f"{sentence}: it may well be luck."
        return Verdict("warning", test.pvalue, LEVEL, sentence)
    return Verdict("ok", test.pvalue, LEVEL, f"{sentence}.")
