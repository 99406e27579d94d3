"""The metrics that exist: one definition each, read by the API and by the tests."""

from dataclasses import dataclass
from typing import Literal

type Unit = Literal["fraction", "ratio", "quote", "seconds", "count", "probability"]
type Sample = Literal["bars", "days", "trades", "long trades", "short trades", "fills"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric's key, its formula in words, its unit, and what it is computed on."""

    key: str
    formula: str
    unit: Unit
    sample: Sample


_DEFINITIONS = (
    # -- return and risk
    Metric("final_equity", "equity at the last close", "quote", "bars"),
    Metric("total_return", "last equity / first equity - 1", "fraction", "bars"),
    Metric(
        "annual_return",
        "(1 + total_return) ^ (periods per year / returns) - 1",
        "fraction",
        "bars",
    ),
    Metric(
        "cagr",
        "(last equity / first equity) ^ (1 / years of 365.25 days on the clock) - 1",
        "fraction",
        "bars",
    ),
    Metric(
        "volatility",
        "standard deviation (n - 1) of bar returns * sqrt(periods per year)",
        "fraction",
        "bars",
    ),
    Metric(
        "sharpe",
        "mean / standard deviation (n - 1) of the returns of daily UTC equity, above"
        " the risk-free rate, * sqrt(days per year)",
        "ratio",
        "days",
    ),
    Metric(
        "sharpe_bar",
        "mean / standard deviation (n - 1) of bar returns above the risk-free rate"
        " * sqrt(periods per year)",
        "ratio",
        "bars",
    ),
    Metric(
        "sortino",
        "mean bar return above the risk-free rate / root mean square of the returns"
        " below it, over all bars, * sqrt(periods per year)",
        "ratio",
        "bars",
    ),
    Metric("calmar", "annual_return / |max_drawdown|", "ratio", "bars"),
    Metric(
        "omega",
        "sum of returns above the risk-free rate / sum of those below, as positive",
        "ratio",
        "bars",
    ),
    Metric(
        "max_drawdown",
        "lowest equity / highest equity so far - 1, a negative number",
        "fraction",
        "bars",
    ),
    Metric(
        "avg_drawdown",
        "mean over drawdown periods of their deepest drawdown",
        "fraction",
        "bars",
    ),
    Metric(
        "max_dd_duration",
        "longest time from a peak to its recovery, or to the end",
        "seconds",
        "bars",
    ),
    Metric("avg_dd_duration", "mean duration of drawdown periods", "seconds", "bars"),
    Metric(
        "dd_periods",
        "drawdown periods that last more than one bar",
        "count",
        "bars",
    ),
    Metric(
        "ulcer_index",
        "root mean square of the drawdown of all bars",
        "fraction",
        "bars",
    ),
    Metric(
        "time_in_market",
        "share of bars with an open position at the close",
        "fraction",
        "bars",
    ),
    Metric(
        "exposure",
        "mean over bars of the positions' value (long plus short) / equity",
        "fraction",
        "bars",
    ),
    Metric(
        "var_95",
        "5 % percentile of bar returns, linear interpolation",
        "fraction",
        "bars",
    ),
    Metric(
        "cvar_95",
        "mean of the floor(0.05 * (n - 1)) + 1 lowest bar returns",
        "fraction",
        "bars",
    ),
    Metric(
        "tail_ratio",
        "|95 % percentile| / |5 % percentile| of bar returns",
        "ratio",
        "bars",
    ),
    Metric("skew", "third standardised moment of bar returns", "ratio", "bars"),
    Metric(
        "kurtosis",
        "fourth standardised moment of bar returns; 3 for a normal distribution",
        "ratio",
        "bars",
    ),
    Metric("excess_kurtosis", "kurtosis - 3", "ratio", "bars"),
    Metric(
        "psr",
        "probability that the true Sharpe ratio of daily returns is above 0, given"
        " their number, skew and kurtosis (Bailey and Lopez de Prado 2012)",
        "probability",
        "days",
    ),
    # -- against the benchmark
    Metric(
        "benchmark_return",
        "return of buying at the first fill and holding, with the same costs",
        "fraction",
        "bars",
    ),
    Metric(
        "benchmark_annual_return",
        "(1 + benchmark_return) ^ (periods per year / returns) - 1",
        "fraction",
        "bars",
    ),
    Metric(
        "benchmark_max_drawdown",
        "lowest close / highest close so far - 1",
        "fraction",
        "bars",
    ),
    Metric("excess_return", "total_return - benchmark_return", "fraction", "bars"),
    Metric(
        "beta",
        "covariance of bar returns with the closes' returns / variance of the latter",
        "ratio",
        "bars",
    ),
    Metric(
        "alpha",
        "(1 + mean of returns - beta * closes' returns) ^ periods per year - 1",
        "fraction",
        "bars",
    ),
    Metric(
        "information_ratio",
        "mean / standard deviation (n - 1) of returns minus the closes' returns,"
        " per bar",
        "ratio",
        "bars",
    ),
    Metric(
        "information_ratio_ann",
        "information_ratio * sqrt(periods per year)",
        "ratio",
        "bars",
    ),
    # -- costs
    Metric("turnover", "sum of fills' notional / mean equity", "ratio", "fills"),
    Metric(
        "turnover_per_year",
        "turnover / years of 365.25 days on the clock",
        "ratio",
        "fills",
    ),
    Metric("fees_paid", "sum of the fees of all fills", "quote", "fills"),
    Metric(
        "funding_paid",
        "sum of funding paid by all positions; negative when received",
        "quote",
        "trades",
    ),
    # -- trades
    Metric("trades", "closed trades", "count", "trades"),
    Metric(
        "open_pnl",
        "profit of positions open at the end, at the last close, before exit costs",
        "quote",
        "bars",
    ),
    Metric(
        "win_rate", "share of trades with a profit after costs", "fraction", "trades"
    ),
    Metric(
        "profit_factor",
        "sum of profits / sum of losses, as positive; infinite without a loss",
        "ratio",
        "trades",
    ),
    Metric("expectancy", "mean profit of a trade after costs", "quote", "trades"),
    Metric("expectancy_pct", "mean return of a trade", "fraction", "trades"),
    Metric("payoff", "mean profit / mean loss, as positive", "ratio", "trades"),
    Metric(
        "sqn",
        "sqrt(trades) * mean / standard deviation (n - 1) of profits",
        "ratio",
        "trades",
    ),
    Metric("kelly", "win_rate - (1 - win_rate) / payoff", "fraction", "trades"),
    Metric("best_trade", "highest return of a trade", "fraction", "trades"),
    Metric("worst_trade", "lowest return of a trade", "fraction", "trades"),
    Metric("avg_trade", "geometric mean return of trades", "fraction", "trades"),
    Metric("avg_duration", "mean time from entry bar to exit bar", "seconds", "trades"),
    Metric(
        "max_duration", "longest time from entry bar to exit bar", "seconds", "trades"
    ),
    Metric(
        "avg_mae",
        "mean of the trades' largest move against the position, at most 0",
        "fraction",
        "trades",
    ),
    Metric(
        "avg_mfe",
        "mean of the trades' largest move for the position, at least 0",
        "fraction",
        "trades",
    ),
    Metric("max_wins", "longest run of winning trades", "count", "trades"),
    Metric("max_losses", "longest run of trades without a win", "count", "trades"),
    Metric("long_trades", "closed long trades", "count", "long trades"),
    Metric(
        "long_win_rate",
        "share of long trades with a profit after costs",
        "fraction",
        "long trades",
    ),
    Metric(
        "long_profit_factor",
        "sum of profits / sum of losses of long trades",
        "ratio",
        "long trades",
    ),
    Metric("long_pnl", "sum of long trades' profit", "quote", "long trades"),
    Metric("short_trades", "closed short trades", "count", "short trades"),
    Metric(
        "short_win_rate",
        "share of short trades with a profit after costs",
        "fraction",
        "short trades",
    ),
    Metric(
        "short_profit_factor",
        "sum of profits / sum of losses of short trades",
        "ratio",
        "short trades",
    ),
    Metric("short_pnl", "sum of short trades' profit", "quote", "short trades"),
)

# Every metric by key, in the order of a report.
METRICS = {definition.key: definition for definition in _DEFINITIONS}
