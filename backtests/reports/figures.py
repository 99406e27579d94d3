"""The charts over time: what each is called, says, and looks like at rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backtests.reports import numbers
from backtests.reports.buckets import Values
from backtests.reports.curves import Curves
from backtests.reports.sketch import Line, Sketch, time_sketch

# Panes of the strategy's own; the rest is named in a sentence.
PANES = 8


@dataclass(frozen=True, slots=True)
class Legend:
    """A line's colour and name; ``key`` is where the script writes its value."""

    role: str
    label: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart. ``kind`` names the script that takes the sketch's place.

    Without a legend the script writes what is under the cursor to ``reading``.
    """

    key: str
    kind: str
    title: str
    caption: str
    sketch: Sketch
    legend: Sequence[Legend] = ()
    log: bool = False
    line: int | None = None
    reading: str = ""


def equity_figure(curves: Curves) -> Figure:
    lines = [Line("equity", curves.time, curves.equity)]
    legend = [Legend("equity", "Strategy", "equity")]
    if curves.benchmark is not None:
        lines.insert(0, Line("benchmark", curves.time, curves.benchmark))
        legend.append(Legend("benchmark", "Buy and hold", "benchmark"))
    metrics = curves.data.metrics
    final = numbers.money(metrics.get("final_equity"))
    change = numbers.percent(metrics.get("total_return"), signed=True)
    return Figure(
        key="equity",
        kind="equity",
        title="Equity",
        caption=f"Account value at each bar's close, in quote units.{density(curves)}",
        sketch=time_sketch(f"Equity ends at {final}, {change}.", lines, numbers.tick),
        legend=legend,
        log=spans(curves.equity),
    )


def drawdown_figure(curves: Curves) -> Figure:
    deepest = numbers.percent(curves.data.metrics.get("max_drawdown"))
    return Figure(
        key="drawdown",
        kind="drawdown",
        reading="drawdown",
        title="Drawdown",
        caption="Equity below its highest value so far, in percent of that value.",
        sketch=time_sketch(
            f"The deepest drawdown is {deepest}.",
            [Line("drawdown", curves.time, curves.drawdown)],
            numbers.tick_percent,
            area=0.0,
        ),
    )


def sharpe_figure(curves: Curves) -> Figure | None:
    window, days, ratios = curves.sharpe
    if not np.isfinite(ratios).any():
        return None
    return Figure(
        key="sharpe",
        kind="sharpe",
        reading="sharpe",
        title=f"Rolling Sharpe, {window} days",
        caption=(
            f"Annualised Sharpe ratio of the last {window} daily returns; "
            "none where the equity did not move."
        ),
        sketch=time_sketch(
            f"The Sharpe ratio of {window} days lies between "
            f"{numbers.ratio(float(np.nanmin(ratios)))} and "
            f"{numbers.ratio(float(np.nanmax(ratios)))}.",
            [Line("sharpe", days, ratios)],
            numbers.tick,
        ),
    )


def pane_figures(curves: Curves) -> list[Figure]:
    """Return a chart for each line of the strategy that has no unit of price."""
    panes = [(i, p) for i, p in enumerate(curves.plots) if p.kind == "own"]
    return [
        Figure(
            key=f"pane-{index}",
            kind="pane",
            title=plot.name,
            caption="",
            sketch=time_sketch(
                f"The strategy's line {plot.name}.",
                [Line("plot0", plot.time, plot.values)],
                numbers.tick,
            ),
            legend=[Legend("plot0", "", f"plot-{index}")],
            line=index,
        )
        for index, plot in panes[:PANES]
        if np.isfinite(plot.values).any()
    ]


def density(curves: Curves) -> str:
    """Return the sentence about what a point stands for; "" when it is one bar."""
    size = curves.buckets.size
    if size == 1:
        return ""
    return f" Each point sums up {size:,} bars with the extremes of all of them."


def spans(values: Values) -> bool:
    """Say whether a logarithmic scale shows the values: none of them is nothing."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return low > high * 1e-6
