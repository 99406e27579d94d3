"""Oscillators, by TA-Lib."""

import numpy as np
import talib
from numpy.typing import NDArray


def rsi(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return Wilder's relative strength index, 0 to 100; ``length`` NaN at the start.

    ``length`` is at least 2. Values that never change give 0, not 50.
    """
    return talib.RSI(values, timeperiod=length)
