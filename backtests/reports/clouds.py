"""The charts of all trades at once: their distribution, and their excursions."""

import numpy as np
from numpy.typing import NDArray

from backtests.reports import numbers
from backtests.reports.curves import Curves
from backtests.reports.distribution import Distribution, distribution_of
from backtests.reports.figures import Figure
from backtests.reports.scales import Scale
from backtests.reports.sketch import (
    CIRCLE,
    SIZE,
    Mark,
    Path,
    Sketch,
    Tick,
    percent_of,
    rows_of,
)

# Dots on a static chart.
DOTS = 250


def distribution_figure(curves: Curves) -> Figure | None:
    """Return how the trades' returns are spread; None of no trades."""
    returns = curves.data.trades["return"]
    found = distribution_of(returns)
    if found is None:
        return None
    middle = numbers.percent(float(np.median(returns)), signed=True)
    caption = (
        f"Number of trades by return after costs; the median is {middle}. "
        "No column mixes gains with losses."
    )
    if found.open_ended:
        caption += " The outermost columns also hold what lies beyond them."
    return Figure(
        key="distribution",
        kind="distribution",
        reading="cloud",
        title="Returns of trades",
        caption=caption,
        sketch=_columns(found, f"The median trade returns {middle}."),
    )


def excursion_figures(curves: Curves) -> list[Figure]:
    """Return each trade's worst and best moment against what came of it."""
    trades = curves.data.trades
    if not len(trades["side"]):
        return []
    return [
        Figure(
            key="mae",
            kind="mae",
            reading="cloud",
            title="Adverse excursion and outcome",
            caption=(
                "Each dot is a trade: how far the price went against it at worst "
                "(across), and its return after costs (up), in percent."
            ),
            sketch=_cloud(trades["mae"], trades["return"], "adverse"),
        ),
        Figure(
            key="mfe",
            kind="mfe",
            reading="cloud",
            title="Favourable excursion and outcome",
            caption=(
                "How far the price went for it at best (across), and its return "
                "after costs (up): what lies far below the diagonal was given back."
            ),
            sketch=_cloud(trades["mfe"], trades["return"], "favourable"),
        ),
    ]


def _columns(found: Distribution, label: str) -> Sketch:
    across = Scale(float(found.edges[0]), float(found.edges[-1]))
    up = Scale(0.0, float(found.counts.max()) * 1.08)
    left, right = across.at(found.edges[:-1]) * SIZE, across.at(found.edges[1:]) * SIZE
    top = (1 - up.at(found.counts.astype(float))) * SIZE
    gap = (right - left) * 0.08
    shapes: dict[str, list[str]] = {"gain": [], "loss": []}
    for i in np.flatnonzero(found.counts).tolist():
        role = "gain" if found.edges[i] >= 0 else "loss"
        start, end = left[i] + gap[i], right[i] - gap[i]
        shapes[role].append(f"M{start:.1f} {SIZE}V{top[i]:.1f}H{end:.1f}V{SIZE}Z")
    return Sketch(
        label=label,
        paths=[Path(role, "".join(d), filled=True) for role, d in shapes.items() if d],
        rows=[t for t in rows_of(up, numbers.count) if "." not in t.label],
        columns=_across(across),
    )


def _cloud(x: NDArray[np.float64], y: NDArray[np.float64], what: str) -> Sketch:
    across, up = Scale.of(x, np.zeros(1)), Scale.of(y, np.zeros(1))
    shown = np.unique(np.linspace(0, len(x) - 1, min(len(x), DOTS)).astype(np.int64))
    return Sketch(
        label=f"{len(x):,} trades by their {what} excursion and their return.",
        paths=[],
        marks=[
            Mark(
                "dot-gain" if y[i] > 0 else "dot-loss",
                CIRCLE,
                percent_of(across, float(x[i])),
                percent_of(up, float(y[i]), down=True),
            )
            for i in shown.tolist()
        ],
        rows=rows_of(up, numbers.tick_percent),
        columns=_across(across),
    )


def _across(scale: Scale) -> list[Tick]:
    return [Tick(percent_of(scale, t), numbers.tick_percent(t)) for t in scale.ticks(5)]
