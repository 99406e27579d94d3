"""QuantConnect's Lean: a table without a header in a zip archive."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from marketdata.formats.base import Facts, Found
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.moments import Dates
from marketdata.formats.names import suggested
from marketdata.formats.refusing import refusal
from marketdata.formats.tables import found
from marketdata.formats.wishes import Wishes

COLUMNS = 6
STAMP = re.compile(r"^(19|20)\d{6} \d{2}:\d{2}$")
NAME = r"(?P<symbol>[a-z0-9.]+?)(?:_trade)?"
MINUTE_NAME = r"(?P<day>\d{8})_(?:(?P<symbol>[a-z0-9]+)_minute_)?trade"
NEW_YORK = ZoneInfo("America/New_York")
DAY_MS = 86_400_000
# Equity prices are stored in ten-thousandths of a dollar.
EQUITY_SCALE = 10_000.0
UNADJUSTED = "prices are as traded, in dollars"


class LeanEquity:
    """Whole ten-thousandths of a dollar in New York's time."""

    name = "lean_equity_daily"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        if not _stamped(head):
            return None
        if wishes.format != self.name and not _whole(head):
            return None
        layout = Layout(
            tuple(range(COLUMNS)),
            cells=COLUMNS,
            skip=head.preamble,
            dates=Dates.COMPACT,
            scale=EQUITY_SCALE,
            zone=NEW_YORK,
            days=True,
        )
        facts = Facts(
            suggested=suggested(head.source, NAME), adjusted="none", notes=(UNADJUSTED,)
        )
        return found(head, layout, facts, wishes)


class LeanCrypto:
    """Prices with a fraction somewhere, in UTC; daily and hourly alike."""

    name = "lean_crypto"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        if not _stamped(head):
            return None
        if wishes.format != self.name and _whole(head):
            return None
        layout = Layout(
            tuple(range(COLUMNS)),
            cells=COLUMNS,
            skip=head.preamble,
            dates=Dates.COMPACT,
        )
        return found(
            head, layout, Facts(suggested=suggested(head.source, NAME)), wishes
        )


class LeanCryptoMinute:
    """Milliseconds since midnight; only the file's name tells of which day."""

    name = "lean_crypto_minute"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        times = head.column(0)
        if head.names or not times or any(len(row) != COLUMNS for row in head.rows):
            return None
        if not all(t.isdigit() and len(t) <= 8 and int(t) < DAY_MS for t in times):
            return None
        if any(int(t) % 60_000 for t in times):
            return None
        name = suggested(head.source, MINUTE_NAME)
        day = name.pop("day", None)
        if day is None:
            raise refusal(
                "no_day",
                "its times count from midnight and its name does not tell the day; "
                "name it YYYYMMDD_symbol_minute_trade.csv as Lean does",
            )
        try:
            midnight = datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC)
        except ValueError as error:
            raise refusal("no_day", f"{day} in its name is no day") from error
        layout = Layout(
            tuple(range(COLUMNS)),
            cells=COLUMNS,
            skip=head.preamble,
            midnight=midnight.timestamp() * 1000,
        )
        facts = Facts(
            timeframe="1m",
            suggested=name,
            notes=(f"the day {midnight:%Y-%m-%d} is taken from the file name",),
        )
        return found(head, layout, facts, wishes)


def _stamped(head: Head) -> bool:
    if head.names or not head.rows or any(len(row) != COLUMNS for row in head.rows):
        return False
    return all(STAMP.match(cell) for cell in head.column(0))


def _whole(head: Head) -> bool:
    """Say whether all prices and volumes are whole, as those of equities are."""
    return all(
        cell.isdigit() for position in range(1, 6) for cell in head.column(position)
    )
