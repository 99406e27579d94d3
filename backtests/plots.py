"""What a run has to show over its candles: the strategy's lines, and where it got out.

Stored thinned, with every extreme kept: a strategy may have twenty lines over a million
bars, which nobody can look at and which would be the largest part of the result.
"""

from backtests.engine import SimulationResult, order_levels
from backtests.models import BacktestResult
from backtests.reports.plots import condensed
from backtests.tables import decode_table, encode_table
from botforge.arrow import Table
from marketdata.ohlcv import Ohlcv
from strategies.base import Decisions


def encode_plots(
    result: SimulationResult, candles: Ohlcv, decisions: Decisions
) -> bytes:
    """Return the buffer to store, empty for nothing; all without the warm-up."""
    levels = order_levels(result, candles, decisions.signals)
    columns = condensed(candles.time, decisions.plots, levels)
    return encode_table(columns) if columns else b""


def plots_of(result: BacktestResult) -> Table:
    return decode_table(result.plots) if result.plots else {}
