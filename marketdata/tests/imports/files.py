"""Files of shares, as Yahoo and yfinance write them."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from marketdata.tests.files import written

HEADER = "Date,Open,High,Low,Close,Adj Close,Volume"
ACTIONS = ",Dividends,Stock Splits"
# A Monday; New York had no holiday in the eight weeks that follow.
FIRST = date(2024, 9, 9)


def weekdays(days: int, first: date = FIRST) -> list[date]:
    every = (first + timedelta(days=n) for n in range(2 * days + 7))
    return [day for day in every if day.weekday() < 5][:days]


def rows(days: list[date], *, scale: float = 1.0, adjusted: float = 0.5) -> list[str]:
    """Return a row for each day, closing at 11, 12, 13 and so on, times ``scale``."""
    return [
        f"{day},{scale * (10 + n)!r},{scale * (12 + n)!r},{scale * (9 + n)!r},"
        f"{scale * (11 + n)!r},{scale * adjusted * (11 + n)!r},{100 + n}"
        for n, day in enumerate(days)
    ]


def yahoo(folder: Path, lines: list[str], name: str = "yahoo.csv") -> Path:
    return written(folder, "\n".join([HEADER, *lines]) + "\n", name)


def yfinance(
    folder: Path,
    days: list[date],
    *,
    dividends: dict[int, float] | None = None,
    splits: dict[int, float] | None = None,
    scale: float = 1.0,
    name: str = "yfinance.csv",
) -> Path:
    """Write a table with actions, each by the number of its row."""
    lines = [
        f"{line},{(dividends or {}).get(n, 0.0)},{(splits or {}).get(n, 0.0)}"
        for n, line in enumerate(rows(days, scale=scale))
    ]
    return written(folder, "\n".join([HEADER + ACTIONS, *lines]) + "\n", name)


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("import_candles", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def answer(*arguments: object) -> dict[str, Any]:
    """Return the object that the command prints, whether it fails or not."""
    out = StringIO()
    try:
        call_command("import_candles", *map(str, arguments), "--json", stdout=out)
    except CommandError:
        assert '"error": "' in out.getvalue()
    found: dict[str, Any] = json.loads(out.getvalue())
    return found
