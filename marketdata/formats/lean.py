"""QuantConnect's Lean: a table without a header in a zip archive."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from marketdata.formats.base import Facts, Found
from marketdata.formats.folders import exchange_named, exchange_of
from marketdata.formats.head import Head, mostly
from marketdata.formats.layout import Layout
from marketdata.formats.moments import Dates
from marketdata.formats.names import suggested
from marketdata.formats.refusing import refusal
from marketdata.formats.tables import found
from marketdata.formats.wishes import Wishes
from marketdata.markets import always, new_york
from marketdata.timeframes import DAY_MS, MINUTE_MS

COLUMNS = 6
STAMP = re.compile(r"^(19|20)\d{6} \d{2}:\d{2}$")
NAME = r"(?P<symbol>[a-z0-9.]+?)(?:_trade)?"
MINUTE_NAME = r"(?P<day>\d{8})_(?:(?P<symbol>[a-z0-9]+)_minute_)?trade"
NEW_YORK = ZoneInfo("America/New_York")
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
            suggested=suggested(head.source, NAME),
            adjusted="none",
            calendar_of=new_york,
            usual_source="lean",
            notes=(UNADJUSTED,),
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
        facts = Facts(
            suggested=_coin(head, suggested(head.source, NAME)),
            calendar_of=always,
            usual_source="lean",
        )
        return found(head, layout, facts, wishes)


class LeanCryptoMinute:
    """Milliseconds since midnight; only the file's name tells of which day."""

    name = "lean_crypto_minute"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        if wishes.format != self.name and _whole(head):
            return None
        return _minutes(head, wishes, Layout(tuple(range(COLUMNS)), COLUMNS))


class LeanEquityMinute:
    """The same in New York's time and ten-thousandths of a dollar."""

    name = "lean_equity_minute"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        if wishes.format != self.name and not _whole(head):
            return None
        layout = Layout(
            tuple(range(COLUMNS)), COLUMNS, scale=EQUITY_SCALE, zone=NEW_YORK
        )
        return _minutes(head, wishes, layout)


def _minutes(head: Head, wishes: Wishes, layout: Layout) -> Found | None:
    times = head.column(0)
    if head.names or not mostly([str(len(row)) for row in head.rows], "6".__eq__):
        return None
    if not mostly(times, lambda t: t.isdigit() and len(t) <= 8):
        return None
    if any(int(t) >= DAY_MS or int(t) % MINUTE_MS for t in times if t.isdigit()):
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
        raise refusal("no_day", f"{day} in its name is no day; rename it") from error
    facts = Facts(
        timeframe="1m",
        suggested=_coin(head, name) if layout.zone is None else name,
        adjusted=None if layout.zone is None else "none",
        calendar_of=always if layout.zone is None else new_york,
        usual_source="lean",
        notes=(f"the day {midnight:%Y-%m-%d} is taken from the file name",),
    )
    layout = replace(layout, skip=head.preamble, midnight=midnight.timestamp() * 1000)
    return found(head, layout, facts, wishes)


def _coin(head: Head, said: dict[str, str]) -> dict[str, str]:
    """Add the exchange, whose folder holds the archive or whose name begins it."""
    exchange = exchange_of(head.source) or exchange_named(head.source.path.name)
    return said if exchange is None else said | {"source": exchange}


def _stamped(head: Head) -> bool:
    if head.names or not mostly([str(len(row)) for row in head.rows], "6".__eq__):
        return False
    return mostly(head.column(0), STAMP.match)


def _whole(head: Head) -> bool:
    """Say whether prices and volumes are whole, as those of equities are."""
    return all(mostly(head.column(position), str.isdigit) for position in range(1, 6))
