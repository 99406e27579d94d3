"""Returns by month and year, as a table whose colours say how strong they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backtests.engine import periodic_returns
from backtests.reports.data import ReportData
from backtests.reports.numbers import DASH, percent

# Shades on each side of zero.
SHADES = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A return in percent; ``shade`` is the name of its colour, "" for none."""

    text: str = ""
    shade: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    months: list[Cell]
    total: Cell


def heat_map(data: ReportData) -> list[Year]:
    """Return a row for each year that has bars, the first year first."""
    months = dict(_returns(data, "month"))
    sizes = np.abs([change for change in months.values() if np.isfinite(change)])
    # Nearly the largest gets the darkest shade: a freak would pale the others.
    strongest = float(np.quantile(sizes, 0.9)) if len(sizes) else 0.0
    cells = {month: _cell(change, strongest) for month, change in months.items()}
    return [
        Year(
            1970 + year,
            [cells.get(12 * year + month, Cell()) for month in range(12)],
            _total(change),
        )
        for year, change in _returns(data, "year")
    ]


def _returns(
    data: ReportData, by: Literal["month", "year"]
) -> Iterator[tuple[int, float]]:
    """Yield (months or years since 1970, return)."""
    table = periodic_returns(data.equity["time"], data.equity["equity"], by)
    unit = "datetime64[M]" if by == "month" else "datetime64[Y]"
    starts: NDArray[np.int64] = table["start"].astype("datetime64[ms]")
    numbers = starts.astype(unit).astype(np.int64)
    yield from zip(numbers.tolist(), table["return"].tolist(), strict=True)


def _cell(change: float, strongest: float) -> Cell:
    text = _text(change)
    if not np.isfinite(change) or change == 0 or strongest == 0:
        return Cell(text, "flat")
    level = min(SHADES, 1 + int(SHADES * abs(change) / strongest))
    return Cell(text, f"{'up' if change > 0 else 'down'}{level}")


def _total(change: float) -> Cell:
    tone = "gain" if change > 0 else "loss" if change < 0 else ""
    return Cell(_text(change), tone)


def _text(change: float) -> str:
    """Return the number alone: the table's caption says that it is percent."""
    text = percent(change, signed=True)
    return DASH if text == DASH else text.removesuffix("%")
