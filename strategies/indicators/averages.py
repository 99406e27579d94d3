"""Moving averages, by TA-Lib: the first ``length - 1`` values are NaN."""

import numpy as np
import talib
from numpy.typing import NDArray


def sma(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return the simple moving average."""
    return talib.SMA(values, timeperiod=length)


def ema(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Return the exponential moving average, seeded with the SMA of the first values.

    Other packages seed it with the first value alone and differ at the start.
    """
    return talib.EMA(values, timeperiod=length)
