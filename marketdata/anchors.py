"""Where on the clock bars open that do not open at a full one."""

import numpy as np
from numpy.typing import NDArray

from marketdata.cleaning import time_is_sane
from marketdata.markets import ALWAYS, FX
from marketdata.timeframes import DAY_MS, MINUTE_MS, Timeframe

# Exchanges open at full quarters; other offsets are labels of something else.
QUARTER_MS = 15 * MINUTE_MS
# The share of bars that must open so.
MOST = 0.9


def anchor_of(
    opens: NDArray[np.float64], timeframe: Timeframe, calendar: str | None
) -> int:
    """Return how long (ms) after a full one the bars open; 0 for the usual grid.

    Hours of an exchange begin when it opens, as at 9:30; three days begin with some
    first day. Days and weeks have one beginning here, and a market that never closes
    has no other one than the full hour.
    """
    quantum = QUARTER_MS
    if timeframe.ms > DAY_MS:
        quantum = DAY_MS
    elif timeframe.ms == DAY_MS or calendar in (None, ALWAYS, FX):
        return 0
    if timeframe.code == "1w" or timeframe.ms <= quantum:
        return 0
    times = opens[time_is_sane(opens)].astype(np.int64)
    if not len(times):
        return 0
    offsets, counts = np.unique(times % timeframe.ms, return_counts=True)
    usual = int(offsets[np.argmax(counts)])
    return usual if usual % quantum == 0 and counts.max() >= MOST * len(times) else 0
