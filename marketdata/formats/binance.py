"""Binance's public data archive: twelve columns, with a header or without."""

import numpy as np

from marketdata.formats.base import Facts, Found
from marketdata.formats.folders import folders
from marketdata.formats.head import Head
from marketdata.formats.layout import Layout
from marketdata.formats.names import suggested, with_timeframe
from marketdata.formats.tables import found
from marketdata.formats.wishes import Wishes
from marketdata.markets import always
from marketdata.timeframes import CODES, Timeframe

COLUMNS = 12
HEADER = ("open_time", "open", "high", "low", "close", "volume", "close_time")
NAME = (
    r"(?P<symbol>[A-Z0-9_]+)-(?P<timeframe>\d+(?:mo|[smhdw]))"
    r"(?:-\d{4}-\d{2}(?:-\d{2})?)?"
)
# From this moment (ms) on, spot files count microseconds; those of futures do not.
SPOT_IN_MICROSECONDS = 1_735_689_600_000
# Folders of the archive, and what people make of them.
SPOT = ("spot",)
FUTURES = ("futures", "um", "cm", "um_futures", "cm_futures", "usdm", "coinm")
BY_MS = {Timeframe.parse(code).ms: code for code in CODES}


class BinanceVision:
    """Klines of spot and futures, in milliseconds or microseconds, row by row.

    Spot and futures files of before 2025 look alike, so that the source stays open.
    """

    name = "binance_vision_klines"

    def recognise(self, head: Head, wishes: Wishes) -> Found | None:
        rows = [row for row in head.rows if len(row) == COLUMNS]
        named = head.names[: len(HEADER)] == HEADER
        if not rows or len(rows) < 0.9 * len(head.rows) or (head.names and not named):
            return None
        whole = [(row[0], row[6]) for row in rows if row[0].isdigit()]
        whole = [pair for pair in whole if pair[1].isdigit()]
        if len(whole) < 0.9 * len(rows):
            return None
        opens, closes = np.array(whole, dtype=np.float64).T
        per_ms = np.where(opens >= 1e14, 1000, 1)
        lengths = (closes - opens) / per_ms
        if opens.min() < 1e11 or not (lengths > 0).all():
            return None
        layout = Layout(
            tuple(range(6)),
            cells=COLUMNS,
            skip=head.preamble + named,
            header=head.names,
        )
        micro = bool((per_ms == 1000).any())
        late = bool((opens[per_ms == 1] >= SPOT_IN_MICROSECONDS).any())
        source = "binance" if micro and not late else None
        if late and not micro:
            source = "binance-futures"
        facts = Facts(
            timeframe=BY_MS.get(round(float(np.median(lengths)) / 1000) * 1000),
            source=source,
            suggested={**_market(head), **with_timeframe(suggested(head.source, NAME))},
            calendar_of=always,
        )
        return found(head, layout, facts, wishes)


def _market(head: Head) -> dict[str, str]:
    """Return the source that the folders of the archive suggest."""
    for folder in folders(head.source):
        if folder in SPOT:
            return {"source": "binance"}
        if folder in FUTURES:
            return {"source": "binance-futures"}
    return {}
