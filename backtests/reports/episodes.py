"""Drawdowns as a table."""

from dataclasses import dataclass

from backtests.engine import drawdown_table
from backtests.reports.data import ReportData
from backtests.reports.numbers import duration, moment, percent

DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Episode:
    """A fall from a peak and what followed; ``recovered`` is "" while it lasts."""

    depth: str
    peak: str
    bottom: str
    recovered: str
    lasted: str


def deepest_drawdowns(data: ReportData) -> list[Episode]:
    """Return the deepest drawdowns, the deepest first."""
    time = data.equity["time"]
    table = drawdown_table(time, data.equity["equity"], DEEPEST)
    return [
        Episode(
            depth=percent(float(row["depth"])),
            peak=moment(int(time[row["peak_bar"]])),
            bottom=moment(int(time[row["bottom_bar"]])),
            recovered=moment(int(time[row["end_bar"]])) if row["recovered"] else "",
            lasted=duration(float(row["seconds"])),
        )
        for row in table
    ]
