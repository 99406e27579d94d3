"""The sessions of exchanges, from the library that keeps them."""

import importlib
import warnings
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketdata.markets import EXCHANGES
from marketdata.sessions import Schedule

# These rest for an hour between two days; the library has them open around the clock.
RESTING = ("CMES",)
HOUR_MS = 3_600_000
# As early as any candle (see ``cleaning``).
BEGINNING = "1980-01-01"


def calendar_of(code: str) -> str | Schedule:
    """Return the schedule of an exchange; the calendar itself where there is none."""
    return schedule(code) if code in EXCHANGES else code


@cache
def schedule(code: str) -> Schedule:
    """Return the sessions of an exchange since 1980, or since its calendar is known.

    They end a year from now: nothing is expected after that.
    """
    # By name and only now: with the pandas beneath it takes a second and 60 MB, which
    # no process should pay that has nothing of an exchange.
    library = importlib.import_module("exchange_calendars")
    with warnings.catch_warnings():
        # Its own calls, deprecated by the next pandas: not the user's business.
        warnings.simplefilter("ignore")
        bound = library.get_calendar(code).bound_min()
        begin = BEGINNING if bound is None else max(BEGINNING, str(bound.date()))
        known = library.get_calendar(code, start=begin).schedule
        opens, closes = _moments(known["open"]), _moments(known["close"])
        pause, resume = _moments(known["break_start"]), _moments(known["break_end"])
    if code in RESTING:
        closes -= HOUR_MS
    # A pause that is no time lies before every session.
    unbroken = pause < opens
    return Schedule(
        date=np.asarray(known.index, "datetime64[ms]").astype(np.int64),
        open=opens,
        pause=np.where(unbroken, closes, pause),
        resume=np.where(unbroken, closes, resume),
        close=closes,
    )


def _moments(column: Any) -> NDArray[np.int64]:
    """Return a column of a table as milliseconds UTC."""
    plain = column.dt.tz_convert(None)
    return np.asarray(plain, "datetime64[ms]").astype(np.int64)
