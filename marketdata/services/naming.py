"""What the user says of a file against what its content and its name say."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from botforge.errors import InvalidInput
from marketdata.cleaning import time_is_sane
from marketdata.formats.base import Facts
from marketdata.formats.refusing import refusal
from marketdata.formats.wishes import Wishes
from marketdata.markets import ALWAYS, CODES, FX, of_yahoo
from marketdata.services.prepared import Prepared
from marketdata.services.target import Target
from marketdata.weeks import told_by

CLOSED = (
    "its market closes at weekends: its calendar is taken for “{}” (--calendar names "
    "another)"
)
UNADJUSTED = (
    "the file does not tell whether its prices are adjusted; they are stored as those "
    "traded (--adjustment says otherwise)"
)
# Whose symbols are spelt as Yahoo's are.
YAHOO = ("yahoo", "yfinance", "yfinance-adjusted")


@dataclass(frozen=True, slots=True)
class Said:
    """What the user says of a file; None is for the file to say."""

    symbol: str | None = None
    timeframe: str | None = None
    source: str | None = None
    calendar: str | None = None
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(frozen=True, slots=True)
class Names:
    """What the user says against what the file says."""

    said: Said
    facts: Facts

    @property
    def closes_at_weekends(self) -> bool:
        """Say whether the symbol, as far as it is known, is of such a market."""
        symbol = self.said.symbol or self.facts.symbol
        symbol = symbol or self.facts.suggested.get("symbol", "")
        calendar = self.facts.calendar_of(symbol) if symbol else None
        return calendar not in (None, ALWAYS)

    def choose(self, field: str, into: Prepared) -> str:
        """Return the user's word, else the content's, else that of the file's name."""
        said: str | None = getattr(self.said, field)
        content: str | None = getattr(self.facts, field)
        if (
            field == "symbol"
            and said
            and content
            and plain_symbol(said) != plain_symbol(content)
        ):
            raise InvalidInput.field(
                field, "other_symbol", f"it holds {content}, not {said}; say which"
            )
        if said is not None or content is not None:
            return said if said is not None else str(content)
        suggested = self.facts.suggested.get(field)
        if suggested is not None:
            where = "file name or folder" if field == "source" else "file name"
            into.notes.append(f"the {field} {suggested} is taken from the {where}")
            return suggested
        if field == "source" and self.facts.usual_source is not None:
            into.source_told = False
            into.notes.append(
                "the file does not tell its source; it is stored under "
                f"“{self.facts.usual_source}” (--source names another)"
            )
            return self.facts.usual_source
        raise InvalidInput.field(
            field,
            "required",
            f"it does not tell its {field}; give it with --{field}"
            + self._choices(field, into),
        )

    def _choices(self, field: str, into: Prepared) -> str:
        if field == "source" and into.format == "binance_vision_klines":
            return (
                " (binance or binance-futures: their files of before 2025 look alike)"
            )
        return ""


def plain_symbol(symbol: str) -> str:
    return "".join(letter for letter in symbol.upper() if letter.isalnum())


def calendar_of(
    opens: NDArray[np.float64], target: Target, names: Names, into: Prepared
) -> str | None:
    """Return the calendar of the file's market, None where nothing tells of it.

    Bars on Saturdays prove a market that never closes; else a symbol tells more than
    the bars do.
    """
    said = names.said.calendar
    if said is not None:
        if said not in CODES:
            raise InvalidInput.field(
                "calendar",
                "unknown_calendar",
                f"there is no calendar {said}; use one of {', '.join(CODES)}",
            )
        return said
    told = told_by(opens[time_is_sane(opens)].astype(np.int64), target.timeframe)
    known = names.facts.calendar_of(target.symbol)
    if known is None and target.source in YAHOO:
        known = of_yahoo(target.symbol)
    if told == ALWAYS or known is None:
        if told not in (None, ALWAYS):
            into.notes.append(CLOSED.format(told))
        return told
    return known


def adjustment_of(names: Names, into: Prepared) -> str | None:
    """Return how the prices are adjusted, None where nothing tells of it.

    Raises ``InvalidInput`` where another adjustment is asked for than they have.
    """
    wanted, known = names.said.wishes.adjustment, names.facts.adjusted
    if wanted is not None and known is not None and wanted != known:
        raise refusal(
            "adjustment",
            f"its prices are adjusted as “{known}” says, and cannot be had as "
            f"“{wanted}”; leave --adjustment out",
        )
    if wanted is None and known is None and into.calendar not in (None, ALWAYS, FX):
        into.notes.append(UNADJUSTED)
    return known or wanted
