"""Named arrays as the engine's signals, and as the report's plots."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from strategies.base import Decisions, Plot, Signals, Values
from strategies.language.evaluation import Array, evaluate, finished
from strategies.language.outputs import ORDERS
from strategies.language.program import Program
from strategies.language.timeframes import Frames


def signals_of(bars: int, arrays: Mapping[str, Array]) -> Signals:
    """Return the signals; an order that the program does not give is never given."""
    never = np.zeros(bars, np.bool_)
    orders = {name: np.asarray(arrays.get(name, never), np.bool_) for name in ORDERS}
    return Signals(
        **orders,
        size=_numbers(arrays, "size"),
        stop_loss=_numbers(arrays, "stop_loss"),
        take_profit=_numbers(arrays, "take_profit"),
        trailing_stop=_numbers(arrays, "trailing_stop"),
    )


def decisions_of(program: Program, frames: Frames, parameters: Values) -> Decisions:
    """Return the signals and the plots of one pass over the graph."""
    arrays = finished(
        evaluate(
            program.graph,
            program.all_roots,
            frames,
            parameters,
            most_additions=program.limits.cost,
        )
    )
    outputs = {name: arrays[i] for name, i in program.outputs.items()}
    plots = (
        Plot(name, np.asarray(arrays[plot.node], np.float64), plot.pane)
        for name, plot in program.plots.items()
    )
    return Decisions(signals_of(len(frames), outputs), tuple(plots))


def _numbers(arrays: Mapping[str, Array], name: str) -> NDArray[np.float64] | None:
    return np.asarray(arrays[name], np.float64) if name in arrays else None
