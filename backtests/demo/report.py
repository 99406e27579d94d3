"""A backtest's result for a person at a terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table

METRICS = (
    ("total_return", "Total return", "{:+.1%}"),
    ("cagr", "CAGR", "{:+.1%}"),
    ("volatility", "Volatility", "{:.1%}"),
    ("sharpe", "Sharpe (daily)", "{:.2f}"),
    ("max_drawdown", "Max drawdown", "{:.1%}"),
    ("time_in_market", "Time in market", "{:.0%}"),
    ("trades", "Closed trades", "{:.0f}"),
    ("win_rate", "Win rate", "{:.1%}"),
    ("profit_factor", "Profit factor", "{:.2f}"),
    ("fees_paid", "Fees paid", "{:,.0f}"),
    ("final_equity", "Final equity", "{:,.0f}"),
)
BARS = "▁▂▃▄▅▆▇█"


def print_period(console: Console, backtest: dict[str, Any]) -> None:
    series, costs = backtest["series"], backtest["execution"]
    console.print(
        f"\n[bold]{series['symbol']}[/] {series['timeframe']} on {series['source']}, "
        f"{backtest['start'][:10]} to {backtest['end'][:10]}, "
        f"{backtest['bars']:,} real candles"
    )
    console.print(
        f"{costs['initial_capital']:,.0f} to start with, fee {costs['fee_rate']:.2%} "
        f"and slippage {costs['slippage']:.2%} a fill, at the next open\n"
    )


def print_metrics(console: Console, runs: dict[str, dict[str, Any]]) -> None:
    """Print the metrics of each run in a column of its own."""
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for title in runs:
        table.add_column(title, justify="right")
    for key, label, form in METRICS:
        values = (run["metrics"][key] for run in runs.values())
        table.add_row(label, *("–" if v is None else form.format(v) for v in values))
    console.print(table)


def print_curve(console: Console, title: str, equity: dict[str, Any]) -> None:
    """Print the equity as one line of blocks, from its lowest to its highest."""
    values = equity["data"][equity["columns"].index("equity")]
    low, span = min(values), (max(values) - min(values)) or 1.0
    levels = (int((v - low) / span * (len(BARS) - 1)) for v in values)
    console.print(f"{title:<16}{''.join(BARS[level] for level in levels)}")


def print_trades(console: Console, trades: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("side", "entry", "price", "exit", "price", "return", "why"):
        table.add_column(
            name, justify="right" if name in ("price", "return") else "left"
        )
    for trade in trades:
        table.add_row(
            trade["side"],
            trade["entry_time"][:16].replace("T", " "),
            f"{trade['entry_price']:,.2f}",
            trade["exit_time"][:16].replace("T", " "),
            f"{trade['exit_price']:,.2f}",
            f"{trade['return']:+.2%}",
            trade["exit_reason"],
        )
    console.print(table)
