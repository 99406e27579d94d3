"""In which order a table without a header has its prices, told by the prices."""

import numpy as np

from marketdata.formats.refusing import refusal

type Order = tuple[int, int, int, int]

# Positions of open, high, low and close.
OHLC: Order = (1, 2, 3, 4)
OCHL: Order = (1, 3, 4, 2)
MOST = 0.9
PLAINLY = 10


def order_of(rows: list[list[str]]) -> Order | None:
    """Return the order that makes candles of the rows, None if neither does.

    Raises ``InvalidInput`` where both do, as for rows of one price.
    """
    values = np.array([_values(row) for row in rows if len(row) >= 5])
    if not len(values) or np.isnan(values).all():
        return None
    as_ohlc, as_ochl = (_candles(values, order) for order in (OHLC, OCHL))
    only_ohlc = int((as_ohlc & ~as_ochl).sum())
    only_ochl = int((as_ochl & ~as_ohlc).sum())
    if as_ohlc.mean() > MOST and only_ohlc > PLAINLY * only_ochl:
        return OHLC
    if as_ochl.mean() > MOST and only_ochl > PLAINLY * only_ohlc:
        return OCHL
    if as_ohlc.mean() > MOST and as_ochl.mean() > MOST:
        raise refusal(
            "ambiguous",
            "it has no header, and its prices fit two layouts; say which with "
            "--format generic_csv (open, high, low, close) or "
            "--format bitfinex_1m_ochlv (open, close, high, low)",
        )
    return None


def _values(row: list[str]) -> list[float]:
    try:
        return [float(cell.strip(' "')) for cell in row[:5]]
    except ValueError:
        return [np.nan] * 5


def _candles(values: np.ndarray, order: Order) -> np.ndarray:
    opened, high, low, close = (values[:, position] for position in order)
    above = high >= np.maximum(opened, close)
    return np.asarray(above & (low <= np.minimum(opened, close)), dtype=np.bool_)
