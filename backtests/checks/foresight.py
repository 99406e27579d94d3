"""Checks of what the strategy knew: too much of the future, too little of the past."""

import numpy as np

from backtests.checks.facts import Facts
from backtests.checks.finding import Verdict
from backtests.checks.words import count, percent

MUCH = 0.1


def look_ahead(facts: Facts) -> Verdict:
    """In how many shorter runs the signals were the same as in the whole one."""
    check = facts.background.causality
    if check is None:
        sentence = "The strategy cannot be run on fewer candles: 0 prefixes compared."
        return Verdict("warning", 0, None, sentence)
    shown = len(check.prefixes)
    if check.leak is not None:
        sentence = f"The strategy sees the future: {check.leak.sentence}"
        return Verdict("critical", shown, None, sentence)
    if not shown:
        sentence = "There are too few candles to look for look-ahead: 0 prefixes."
        return Verdict("info", 0, None, sentence)
    sentence = (
        f"With only the first candles known, in {count(shown, 'shorter run')}, the "
        "signals were the same; that is evidence, not proof."
    )
    return Verdict("ok", shown, None, sentence)


def warm_up(facts: Facts) -> Verdict:
    """How many of the bars that the indicators need first lie inside the run."""
    background, signals = facts.background, facts.signals
    wanted, found = background.warmup_wanted, background.warmup_found
    missing = min(max(wanted - found, 0), len(signals))
    if not missing:
        sentence = (
            f"All {count(wanted, 'bar')} of warm-up lie before the start."
            if wanted
            else "The strategy needs 0 bars of warm-up."
        )
        return Verdict("ok", 0, 0, sentence)
    early = signals.enter_long[:missing] | signals.enter_short[:missing]
    entries = int(np.count_nonzero(early))
    share = missing / len(signals)
    sentence = (
        f"The series begins too late for {missing:,} of {count(wanted, 'bar')} of "
        f"warm-up: the first {percent(share)} of the run is without indicators"
    )
    if entries:
        more = count(entries, "entry signal")
        return Verdict("warning", missing, 0, f"{sentence}, yet it has {more}.")
    return Verdict("warning" if share > MUCH else "info", missing, 0, f"{sentence}.")
