"""The checks that exist, in the order in which they are read."""

from collections.abc import Callable
from dataclasses import dataclass

from backtests.checks.account import liquidation
from backtests.checks.benchmark import below_buy_and_hold, excess_pvalue, return_pvalue
from backtests.checks.candles import ambiguous_bars, data_grade
from backtests.checks.costs import break_even_cost, fees_eat_profit
from backtests.checks.facts import Facts
from backtests.checks.finding import Finding, Verdict
from backtests.checks.foresight import look_ahead, warm_up
from backtests.checks.trades import few_trades, flat_period, one_big_trade


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its code, what its value is and in which unit, when it warns."""

    code: str
    value: str
    unit: str
    rule: str
    judge: Callable[[Facts], Verdict]


_DEFINITIONS = (
    Check(
        "look_ahead",
        "shorter runs, each knowing the first candles alone, whose signals were"
        " compared with those of the run",
        "count",
        "critical when a signal differs; a warning when the strategy cannot be run on"
        " fewer candles",
        look_ahead,
    ),
    Check(
        "liquidation",
        "positions that were liquidated; bankruptcy counts as one",
        "count",
        "critical when there is any",
        liquidation,
    ),
    Check(
        "few_trades",
        "closed trades",
        "count",
        "a warning below 30, critical below 10",
        few_trades,
    ),
    Check(
        "one_big_trade",
        "profit of the best trade / net profit of all, the open one included",
        "fraction",
        "a warning above 0.5, critical from 1 on; fine without a profit",
        one_big_trade,
    ),
    Check(
        "fees_eat_profit",
        "fees / profit before fees and funding",
        "fraction",
        "a warning above 0.5, critical from 1 on; fine without a profit",
        fees_eat_profit,
    ),
    Check(
        "break_even_cost",
        "profit before fees and funding / value of all fills: the fee per fill at which"
        " nothing is left, sizes unchanged",
        "bps",
        "a warning below twice what the run paid, and when there is no profit; an info"
        " when it paid nothing",
        break_even_cost,
    ),
    Check(
        "below_buy_and_hold",
        "total return - return of buying and holding with the same costs",
        "fraction",
        "a warning below 0",
        below_buy_and_hold,
    ),
    Check(
        "return_pvalue",
        "one-sided p-value of the mean daily return against 0: Newey and West (1987),"
        " lags by their rule of 1994, normal distribution",
        "probability",
        "a warning above 0.05, and below 30 daily returns",
        return_pvalue,
    ),
    Check(
        "excess_pvalue",
        "the same of daily returns minus those of buying and holding with the same"
        " costs",
        "probability",
        "a warning above 0.05, and below 30 daily returns",
        excess_pvalue,
    ),
    Check(
        "flat_period",
        "longest time without a position / length of the run",
        "fraction",
        "a warning above 0.25",
        flat_period,
    ),
    Check(
        "data_grade",
        "share of the series' bars that are missing",
        "fraction",
        "by the series' grade when it ran: C an info, D and E a warning, F critical",
        data_grade,
    ),
    Check(
        "ambiguous_bars",
        "bars that reach both stop and target while a position is open / closed trades",
        "fraction",
        "an info above 0, a warning above 0.05",
        ambiguous_bars,
    ),
    Check(
        "warm_up",
        "bars of the run whose indicators are not defined yet, for want of history",
        "count",
        "an info above 0; a warning when they are more than 10 % of the run, or when"
        " there are entry signals among them",
        warm_up,
    ),
)

CHECKS = {check.code: check for check in _DEFINITIONS}


def findings_of(facts: Facts) -> list[Finding]:
    """Return what every check says, in the order of ``CHECKS``."""
    return [Finding(check.code, check.judge(facts)) for check in CHECKS.values()]
