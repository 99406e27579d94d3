"""The chart of the price: what the strategy saw, and where it traded."""

import numpy as np

from backtests.engine import REASONS
from backtests.reports import numbers
from backtests.reports.curves import Curves
from backtests.reports.figures import PANES, Figure, Legend, density, spans
from backtests.reports.labels import REASONS as WORDS
from backtests.reports.plots import roles_of
from backtests.reports.sketch import (
    CIRCLE,
    CROSS,
    DIAMOND,
    DOWN,
    SQUARE,
    UP,
    Line,
    Point,
    time_sketch,
)
from backtests.reports.trades import drawn_trades, moment_ms

# Trades on a static chart: more would be a smear.
MARKED = 150
# How an exit is drawn, by its reason; a circle for all others.
EXITS = {"stop_loss": CROSS, "take_profit": DIAMOND, "trailing_stop": SQUARE}
_SHAPES = {CROSS: "cross", DIAMOND: "diamond", SQUARE: "square"}


def price_figure(curves: Curves) -> Figure | None:
    """Return the price with trades, levels and overlays; None without candles."""
    if curves.closes is None:
        return None
    lines = [Line("price", curves.time, curves.closes)]
    legend = [Legend("price", "Candle", "candle")]
    roles = roles_of(curves.plots)
    for i, (plot, role) in enumerate(zip(curves.plots, roles, strict=True)):
        if plot.kind != "own":
            lines.append(Line(role, plot.time, plot.values))
            name = plot.name.capitalize() if plot.kind == "level" else plot.name
            legend.append(Legend(role, name, f"plot-{i}"))
    symbol = curves.data.manifest["data"]["symbol"]
    return Figure(
        key="price",
        kind="price",
        title=f"{symbol} and trades",
        caption=_caption(curves),
        sketch=time_sketch(
            f"Price of {symbol} with the entries and exits of the trades.",
            lines,
            numbers.tick,
            points=_points(curves),
        ),
        legend=legend,
        log=spans(curves.closes),
    )


def _points(curves: Curves) -> list[Point]:
    trades, open_trade = curves.data.trades, curves.data.open_trade
    if len(trades["side"]) > MARKED:
        return []
    points = []
    if open_trade is not None:
        side, entered = open_trade["side"], moment_ms(open_trade["entry_time"])
        shape = UP if side == "long" else DOWN
        points.append(Point(f"enter-{side}", shape, entered, open_trade["entry_price"]))
    for i in range(len(trades["side"])):
        side, shape = ("long", UP) if trades["side"][i] > 0 else ("short", DOWN)
        entered, left = int(trades["entry_time"][i]), int(trades["exit_time"][i])
        reason = REASONS[trades["exit_reason"][i]]
        result = "gain" if trades["pnl"][i] > 0 else "loss"
        points += [
            Point(f"enter-{side}", shape, entered, float(trades["entry_price"][i])),
            Point(
                f"exit-{result}",
                EXITS.get(reason, CIRCLE),
                left,
                float(trades["exit_price"][i]),
            ),
        ]
    return points


def _caption(curves: Curves) -> str:
    trades = curves.data.trades
    total, drawn = len(trades["side"]), len(drawn_trades(trades))
    text = (
        "Triangles enter, upwards to buy and downwards to sell short; "
        f"{_exits(curves)}. Green gained and red lost, after costs."
    )
    if drawn < total:
        text += (
            f" Drawn are {drawn:,} of {total:,} trades, the best and worst included."
        )
    if total > MARKED:
        text += " Without a script and on paper the trades are left out."
    hidden = sum(p.kind == "own" for p in curves.plots) - PANES
    if hidden > 0:
        text += f" {hidden} more lines of the strategy are not shown."
    return text + density(curves)


def _exits(curves: Curves) -> str:
    """Return what the shapes of the exits mean, of those that there are."""
    found = np.unique(curves.data.trades["exit_reason"]).tolist()
    special = [
        f"a {_SHAPES[EXITS[REASONS[code]]]} at a {WORDS[REASONS[code]]}"
        for code in found
        if REASONS[code] in EXITS
    ]
    return ", ".join(("a circle leaves", *special))
