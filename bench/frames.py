"""The candles of all benchmarks as the peers want them."""

import pandas as pd
from candles import MINUTE_MS, columns


def frame(bars: int, step_ms: int = MINUTE_MS) -> pd.DataFrame:
    """Return a table with an index of times and the columns Open to Volume."""
    table = pd.DataFrame(columns(bars, step_ms))
    table.index = pd.to_datetime(table.pop("time"), unit="ms")
    return table.rename(columns=str.capitalize)
