"""Load every compiled kernel before the first job, in the process that will fork."""

import numpy as np

from strategies.language.functions.registry import FUNCTIONS, Bars, Kind

BARS = 64


def warm_up() -> None:
    """Call every kernel that numba compiles once, over a few bars.

    Takes seconds when the disk cache is cold, a fraction of one when it is warm.
    """
    prices = np.linspace(100.0, 101.0, BARS)
    time = np.arange(BARS) * 60_000
    bars = Bars(time, prices, prices + 1, prices - 1, prices, prices, 60_000)
    usual = {
        Kind.SERIES: prices,
        Kind.CONDITION: prices > prices.mean(),
        Kind.WINDOW: 2,
        Kind.NUMBER: 1.0,
    }
    for function in FUNCTIONS.values():
        if function.source == "numba":
            given = (
                argument.choices[0] if argument.choices else usual[argument.kind]
                for argument in function.arguments
            )
            function.compute(bars, *given)
    # Of the modes of since(), only this one has a kernel of its own, and of TA-Lib's
    # functions the RSI: what it says of a price that stands still.
    FUNCTIONS["since"].compute(bars, usual[Kind.CONDITION], "sum", prices)
    FUNCTIONS["rsi"].compute(bars, prices, 2)
