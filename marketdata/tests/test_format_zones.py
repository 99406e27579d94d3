from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketdata.formats.zones import to_utc

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")


def wall(text: str) -> float:
    return datetime.fromisoformat(f"{text}+00:00").timestamp() * 1000


def utc(*texts: str, zone: ZoneInfo = BERLIN) -> list[str]:
    times = to_utc(np.array([wall(text) for text in texts]), zone)
    return [
        "none" if np.isnan(t) else f"{datetime.fromtimestamp(t / 1000, UTC):%H:%M}"
        for t in times
    ]


def test_winter_and_summer_have_their_own_offset() -> None:
    assert utc("2023-01-01 12:00", "2023-07-01 12:00") == ["11:00", "10:00"]


def test_an_hour_that_comes_twice_is_summer_time_first() -> None:
    assert utc("2023-10-29 02:00", "2023-10-29 02:30") == ["00:00", "00:30"]
    assert utc("2023-10-29 02:00", "2023-10-29 02:00") == ["00:00", "01:00"]


def test_from_the_newest_row_down_the_first_is_winter_time() -> None:
    hours = ["2023-10-29 03:00", "2023-10-29 02:00", "2023-10-29 02:00"]

    assert utc(*hours, "2023-10-29 01:00") == ["02:00", "01:00", "00:00", "23:00"]


def test_an_hour_that_is_left_out_is_no_time() -> None:
    hours = ["2023-03-26 01:00", "2023-03-26 02:30", "2023-03-26 03:00"]

    assert utc(*hours) == ["00:00", "none", "01:00"]


def test_what_was_unreadable_stays_so() -> None:
    assert np.isnan(to_utc(np.array([np.nan]), BERLIN)).all()
    assert len(to_utc(np.empty(0), BERLIN)) == 0


@pytest.mark.parametrize("name", ZONES)
@given(day=st.integers(0, 365 * 50))
def test_two_days_of_half_hours_come_back(name: str, day: int) -> None:
    # From noon UTC, when none of these zones is in an hour that comes twice.
    zone = ZoneInfo(name)
    moments = (day + 0.5) * 86_400_000 + 1_800_000.0 * np.arange(96)
    local = [
        wall(f"{datetime.fromtimestamp(m / 1000, zone):%Y-%m-%d %H:%M}")
        for m in moments.tolist()
    ]

    assert to_utc(np.array(local), zone).tolist() == moments.tolist()
