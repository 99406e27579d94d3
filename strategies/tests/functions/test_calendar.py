"""Sessions, periods and weekends against Python's own calendar."""

from datetime import UTC, datetime

import numpy as np
import pytest

from strategies.language.functions.registry import Bars
from strategies.tests.functions.comparing import bars_of, call

MINUTE_MS = 60_000


def _half_hours(start: datetime, bars: int) -> Bars:
    first = int(start.timestamp()) * 1000
    time = first + np.arange(bars) * 30 * MINUTE_MS
    return bars_of(1, bars=bars)._replace(time=time)


# A Friday, so that a weekend and a Monday follow.
BARS = _half_hours(datetime(2024, 3, 1, 10, 0, tzinfo=UTC), 300)
MOMENTS = [datetime.fromtimestamp(t / 1000, UTC) for t in BARS.time.tolist()]


def test_a_session_excludes_its_end() -> None:
    expected = [(13, 30) <= (m.hour, m.minute) < (20, 0) for m in MOMENTS]

    assert call("in_session", BARS, 13.5, 20.0).tolist() == expected


def test_a_session_may_go_on_past_midnight() -> None:
    expected = [m.hour >= 22 or m.hour < 2 for m in MOMENTS]

    assert call("in_session", BARS, 22.0, 2.0).tolist() == expected


def test_a_session_from_an_hour_to_itself_is_the_whole_day() -> None:
    assert call("in_session", BARS, 8.0, 8.0).all()
    assert call("in_session", BARS, 0.0, 24.0).all()


def test_the_weekend_is_saturday_and_sunday() -> None:
    expected = [m.weekday() >= 5 for m in MOMENTS]

    assert call("is_weekend", BARS).tolist() == expected


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("1h", lambda m: m.minute == 0),
        ("1d", lambda m: (m.hour, m.minute) == (0, 0)),
        ("1w", lambda m: (m.weekday(), m.hour, m.minute) == (0, 0, 0)),
        ("1m", lambda m: True),
    ],
)
def test_a_period_begins_on_its_first_bar(period: str, first: object) -> None:
    assert callable(first)
    expected = [first(moment) for moment in MOMENTS]

    assert call("is_new", BARS, period).tolist() == expected


def test_a_period_begins_late_after_an_outage() -> None:
    days = np.array([23, 30, 31, 50]) * 60 * MINUTE_MS
    bars = bars_of(1, bars=4)._replace(time=days)

    assert call("is_new", bars, "1d").tolist() == [False, True, False, True]
