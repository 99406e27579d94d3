"""The library's sessions, against what is known of some days."""

from datetime import UTC, datetime

import numpy as np
import pytest

from marketdata.calendars import calendar_of, schedule
from marketdata.sessions import Schedule


def session(code: str, date: str) -> list[str]:
    """Return when the session of a date opens, pauses, resumes and closes (UTC)."""
    known = schedule(code)
    moment = int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp() * 1000)
    (position,) = np.flatnonzero(known.date == moment)
    times = (
        getattr(known, name)[position] for name in ("open", "pause", "resume", "close")
    )
    return [f"{datetime.fromtimestamp(t / 1000, UTC):%H:%M}" for t in times]


def dates(code: str, start: str, end: str) -> list[str]:
    days = schedule(code).date.astype("datetime64[ms]").astype("datetime64[D]")
    inside = (days >= np.datetime64(start)) & (days < np.datetime64(end))
    return [str(day) for day in days[inside]]


def test_new_york_opens_at_half_past_nine_of_its_own_time() -> None:
    assert session("XNYS", "2024-01-03")[::3] == ["14:30", "21:00"]
    assert session("XNYS", "2024-07-02")[::3] == ["13:30", "20:00"]


def test_the_day_after_thanksgiving_ends_early() -> None:
    assert session("XNYS", "2024-11-29")[-1] == "18:00"


def test_new_york_was_closed_after_the_attacks_of_2001() -> None:
    assert dates("XNYS", "2001-09-10", "2001-09-18") == ["2001-09-10", "2001-09-17"]


def test_tokyo_pauses_for_lunch() -> None:
    assert session("XTKS", "2023-03-15") == ["00:00", "02:30", "03:30", "06:00"]


def test_futures_rest_for_an_hour() -> None:
    opens, *_, closes = session("CMES", "2024-01-03")

    assert (opens, closes) == ("23:00", "22:00")


def test_riyadh_trades_on_sundays() -> None:
    assert dates("XSAU", "2024-05-05", "2024-05-12") == [
        f"2024-05-{day:02d}" for day in range(5, 10)
    ]


@pytest.mark.parametrize("code", ["24/7", "fx", "exchange"])
def test_a_calendar_that_repeats_has_no_schedule(code: str) -> None:
    assert calendar_of(code) == code


def test_an_exchange_has_one() -> None:
    assert isinstance(calendar_of("XNYS"), Schedule)
