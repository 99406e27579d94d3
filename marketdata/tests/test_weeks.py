import numpy as np
import pytest
from numpy.typing import NDArray

from marketdata.tests.candles import HOUR, START
from marketdata.timeframes import DAY_MS, Timeframe
from marketdata.weeks import told_by

DAY, ONE_HOUR = Timeframe.parse("1d"), Timeframe.parse("1h")
WEEK = np.arange(7 * 24)


def weeks(slots: NDArray[np.int64], number: int = 8) -> NDArray[np.int64]:
    """Return hours that repeat every week, from a Monday on."""
    every = np.concatenate([slots + 168 * week for week in range(number)])
    return START + HOUR * every


WEEKDAYS = WEEK[WEEK < 120]
NEW_YORK = WEEKDAYS[(WEEKDAYS % 24 >= 14) & (WEEKDAYS % 24 < 21)]
CURRENCIES = WEEK[(WEEK < 4 * 24 + 21) | (WEEK >= 6 * 24 + 22)]
RIYADH = WEEK[(WEEK // 24 != 4) & (WEEK // 24 != 5) & (WEEK % 24 >= 7)]


@pytest.mark.parametrize(
    ("slots", "calendar"),
    [
        (WEEK, "24/7"),
        (NEW_YORK, "exchange"),
        (CURRENCIES, "fx"),
        (WEEKDAYS, "fx"),
        (RIYADH, None),
    ],
)
def test_hours_tell_the_week_of_their_market(
    slots: NDArray[np.int64], calendar: str | None
) -> None:
    assert told_by(weeks(slots), ONE_HOUR) == calendar


def test_days_tell_whether_there_are_weekends() -> None:
    every = START + DAY_MS * np.arange(56)
    weekdays = every[np.arange(56) % 7 < 5]

    assert told_by(every, DAY) == "24/7"
    assert told_by(weekdays, DAY) == "exchange"


def test_a_few_weekends_may_be_an_outage() -> None:
    assert told_by(weeks(NEW_YORK, 4), ONE_HOUR) is None
    assert told_by(weeks(NEW_YORK, 5), ONE_HOUR) == "exchange"


def test_some_weekends_tell_nothing() -> None:
    time = weeks(WEEK, 10)
    saturdays = np.flatnonzero((time - START) // HOUR % 168 // 24 >= 5)

    assert told_by(np.delete(time, saturdays[: 6 * 48]), ONE_HOUR) is None


@pytest.mark.parametrize("code", ["3d", "1w"])
def test_long_bars_tell_nothing(code: str) -> None:
    timeframe = Timeframe.parse(code)

    assert told_by(START + timeframe.ms * np.arange(99), timeframe) is None


def test_no_bars_tell_nothing() -> None:
    assert told_by(np.empty(0, np.int64), DAY) is None
