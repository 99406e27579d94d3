"""The strategy's lines and the levels of its orders, stored thinned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from backtests.reports.buckets import Buckets, Times, Values
from botforge.arrow import Table
from strategies.base import Plot

type Kind = Literal["price", "own", "level"]

# A strategy of an operator may show more than anybody can look at.
MOST_PLOTS = 24
COLOURS = 6
# What is larger is a division by almost nothing, beside which nothing else is seen.
HUGE = 1e30
TIME = "time"


@dataclass(frozen=True, slots=True, eq=False)
class PlotLine:
    """A line at sampled times: over the candles, in a pane of its own, or a level."""

    kind: Kind
    name: str
    time: Times
    values: Values


def condensed(
    time: Times, plots: Sequence[Plot], levels: dict[str, Values]
) -> dict[str, NDArray[Any]]:
    """Return the columns to store, {} of nothing; all values are one per bar."""
    lines = {f"{plot.pane}:{plot.name}": plot.values for plot in plots[:MOST_PLOTS]}
    lines |= {f"level:{name}": values for name, values in levels.items()}
    if not lines:
        return {}
    buckets = Buckets.of(len(time))
    columns: dict[str, NDArray[Any]] = {TIME: buckets.moments(time)}
    for name, values in lines.items():
        seen = np.where(np.abs(values) < HUGE, values, np.nan)
        columns[name] = buckets.samples(seen)
    return columns


def plot_lines(stored: Table) -> list[PlotLine]:
    """Return the lines that ``condensed`` made, in the strategy's order."""
    lines = []
    for column, values in stored.items():
        kind, _, name = column.partition(":")
        if kind in ("price", "own", "level"):
            lines.append(PlotLine(kind, name, stored[TIME], values))  # type: ignore[arg-type] # one of the three
    return lines


def roles_of(lines: Sequence[PlotLine]) -> list[str]:
    """Return the name of each line's colour; overlays take turns."""
    roles, overlays = [], 0
    for line in lines:
        if line.kind == "level":
            roles.append(line.name.replace(" ", "-"))
        elif line.kind == "own":
            roles.append("plot0")
        else:
            roles.append(f"plot{overlays % COLOURS}")
            overlays += 1
    return roles
