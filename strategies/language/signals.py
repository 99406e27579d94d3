"""Named arrays as the engine's signals."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from strategies.base import Signals
from strategies.language.evaluation import Array
from strategies.language.outputs import ORDERS


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


def _numbers(arrays: Mapping[str, Array], name: str) -> NDArray[np.float64] | None:
    return np.asarray(arrays[name], np.float64) if name in arrays else None
