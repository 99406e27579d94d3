"""The curves of a report, thinned once for the static and the interactive charts."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backtests.reports.buckets import Buckets, Times, Values
from backtests.reports.data import ReportData
from backtests.reports.plots import PlotLine, plot_lines
from backtests.reports.rolling import rolling_sharpe
from marketdata.ohlcv import Ohlcv


@dataclass(frozen=True, eq=False)
class Curves:
    """Samples of equity, benchmark and drawdown at ``time``, and what else is drawn.

    ``benchmark`` and ``candles`` are None where there is nothing to draw.
    """

    data: ReportData

    @cached_property
    def buckets(self) -> Buckets:
        return Buckets.of(len(self.data.equity["time"]))

    @cached_property
    def time(self) -> Times:
        return self.buckets.moments(self.data.equity["time"])

    @cached_property
    def equity(self) -> Values:
        return self.buckets.samples(self.data.equity["equity"])

    @cached_property
    def benchmark(self) -> Values | None:
        column = self.data.equity["benchmark"]
        return self.buckets.samples(column) if np.isfinite(column).any() else None

    @cached_property
    def drawdown(self) -> Values:
        return self.buckets.samples(self.data.equity["drawdown"])

    @cached_property
    def candles(self) -> Ohlcv | None:
        candles = self.data.candles
        return None if candles is None else self.buckets.candles(candles)

    @cached_property
    def closes(self) -> Values | None:
        candles = self.data.candles
        return None if candles is None else self.buckets.samples(candles.close)

    @cached_property
    def plots(self) -> list[PlotLine]:
        return plot_lines(self.data.plots)

    @cached_property
    def sharpe(self) -> tuple[int, Times, Values]:
        """Return the window in days (0 for too few), times and ratios."""
        equity = self.data.equity
        return rolling_sharpe(equity["time"], equity["equity"], self.data.days_per_year)
