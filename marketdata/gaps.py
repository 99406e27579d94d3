"""Missing bars: how many places, and how many bars are missing there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketdata.timeframes import Timeframe


@dataclass(frozen=True, slots=True)
class Gaps:
    """``places`` where bars are missing, and the number of ``missing_bars`` in all."""

    places: int
    missing_bars: int


def find_gaps(time: NDArray[np.int64], timeframe: Timeframe) -> Gaps:
    """Count the gaps between increasing open times (ms) of a market open 24/7."""
    steps = np.diff(time)
    wide = steps[steps > timeframe.ms]
    missing = -(-wide // timeframe.ms) - 1
    return Gaps(len(wide), int(missing.sum()))
