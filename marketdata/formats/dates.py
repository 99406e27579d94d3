"""Whether 01/02/2021 is in January or in February, told by the other dates."""

import re

from marketdata.formats.head import mostly
from marketdata.formats.moments import Dates
from marketdata.formats.refusing import refusal

WRITTEN = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2\d{4}")
SHORT = re.compile(r"^\d{1,2}([-/.])\d{1,2}\1\d{2}(?!\d)")
COMPACT = re.compile(
    r"^(19|20)\d{2}[01]\d[0-3]\d(?:$|[T ]|[0-2]\d[0-5]\d(?:[0-5]\d)?$)"
)
DAY_NAMED = re.compile(r"^\d{1,2}[- ][A-Za-z]{3}")
NAMED_DAY = re.compile(r"^[A-Za-z]{3,9}\.?[- ]\d{1,2}")


def order_of_dates(cells: list[str], day_first: bool | None) -> Dates:
    """Return the order; ``InvalidInput`` where the dates and the user leave it open."""
    if cells and all(COMPACT.match(cell) for cell in cells):
        return Dates.COMPACT
    for named, dates in ((DAY_NAMED, Dates.DAY_NAMED), (NAMED_DAY, Dates.NAMED_DAY)):
        if mostly(cells, named.match):
            return dates
    if mostly(cells, SHORT.match):
        raise refusal(
            "dates",
            f"the years of its dates, such as {cells[0]}, have two digits; write them "
            "with four",
        )
    found = [match for match in map(WRITTEN.match, cells) if match]
    if len(found) < len(cells) / 2 or not found:
        return Dates.ISO
    if day_first is not None:
        return Dates.DAY_FIRST if day_first else Dates.MONTH_FIRST
    days_first = any(int(match[1]) > 12 for match in found)
    months_first = any(int(match[3]) > 12 for match in found)
    if days_first != months_first:
        return Dates.DAY_FIRST if days_first else Dates.MONTH_FIRST
    # Dots are written where the day comes first.
    if found[0][2] == "." and not months_first:
        return Dates.DAY_FIRST
    raise refusal(
        "ambiguous",
        f"its dates, such as {found[0][0]}, may begin with the day or the month; say "
        "which with --day-first or --month-first",
    )
