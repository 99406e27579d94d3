"""What the numbers are called, and how each is written."""

from backtests.engine import METRICS
from backtests.reports import numbers

# The keys of METRICS that are not their own name.
_NAMES = {
    "cagr": "CAGR",
    "sharpe": "Sharpe (daily)",
    "sharpe_bar": "Sharpe (per bar)",
    "max_drawdown": "Maximum drawdown",
    "avg_drawdown": "Average drawdown",
    "max_dd_duration": "Longest drawdown",
    "avg_dd_duration": "Average drawdown length",
    "dd_periods": "Drawdown periods",
    "time_in_market": "Time in the market",
    "var_95": "Value at risk, 95%",
    "cvar_95": "Expected shortfall, 95%",
    "psr": "Probabilistic Sharpe (> 0)",
    "benchmark_return": "Buy and hold, return",
    "benchmark_annual_return": "Buy and hold, annual return",
    "benchmark_max_drawdown": "Buy and hold, maximum drawdown",
    "excess_return": "Return above buy and hold",
    "information_ratio_ann": "Information ratio, annual",
    "turnover_per_year": "Turnover a year",
    "open_pnl": "Open profit",
    "expectancy": "Profit a trade",
    "expectancy_pct": "Return a trade",
    "payoff": "Average win / average loss",
    "sqn": "System quality number",
    "kelly": "Kelly fraction",
    "avg_trade": "Geometric mean return",
    "avg_duration": "Average time in a trade",
    "max_duration": "Longest time in a trade",
    "avg_mae": "Average adverse excursion",
    "avg_mfe": "Average favourable excursion",
    "max_wins": "Longest run of wins",
    "max_losses": "Longest run without a win",
    "long_pnl": "Long profit",
    "short_pnl": "Short profit",
}
_SIGNED = {
    "total_return",
    "annual_return",
    "cagr",
    "benchmark_return",
    "benchmark_annual_return",
    "excess_return",
    "alpha",
    "open_pnl",
    "expectancy",
    "expectancy_pct",
    "best_trade",
    "worst_trade",
    "avg_trade",
    "long_pnl",
    "short_pnl",
}
# The group of the first key, and of all that follow it in METRICS until the next.
_GROUPS = {
    "final_equity": "Return and risk",
    "benchmark_return": "Against buy and hold",
    "turnover": "Costs",
    "trades": "Trades",
    "long_trades": "Long and short",
}
REASONS = {
    "entry": "entry",
    "signal": "signal",
    "stop_loss": "stop loss",
    "take_profit": "take profit",
    "trailing_stop": "trailing stop",
    "liquidation": "liquidation",
    "bankrupt": "bankrupt",
    "end": "end of data",
    "open": "open",
}


def metric_name(key: str) -> str:
    return _NAMES.get(key, key.replace("_", " ").capitalize())


def metric_text(key: str, value: float | None) -> str:
    """Return the value in the metric's unit."""
    unit, signed = METRICS[key].unit, key in _SIGNED
    if unit in ("fraction", "probability"):
        return numbers.percent(value, signed=signed)
    if unit == "quote":
        return numbers.money(value, signed=signed)
    if unit == "seconds":
        return numbers.duration(value)
    return numbers.count(value) if unit == "count" else numbers.ratio(value)


def metric_tone(key: str, value: float | None) -> str:
    """Return "gain" or "loss" where the sign of the metric says which; else ""."""
    if key not in _SIGNED or not value:
        return ""
    return "gain" if value > 0 else "loss"


def metric_groups() -> list[tuple[str, list[str]]]:
    """Return every metric's key under its heading, in the order of METRICS."""
    groups: list[tuple[str, list[str]]] = []
    for key in METRICS:
        if key in _GROUPS:
            groups.append((_GROUPS[key], []))
        groups[-1][1].append(key)
    return groups
