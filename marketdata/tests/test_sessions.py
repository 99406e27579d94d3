import numpy as np
import pytest
from numpy.typing import NDArray

from marketdata.gaps import Gaps, find_holes
from marketdata.sessions import sessions_of
from marketdata.tests.candles import HOUR, START
from marketdata.timeframes import DAY_MS, Timeframe

DAY = Timeframe.parse("1d")
ONE_HOUR = Timeframe.parse("1h")


def days(*absent: int, weeks: int = 60) -> NDArray[np.int64]:
    """Return the days of so many weeks from a Monday on, but not those absent."""
    every = np.arange(7 * weeks)
    kept = every % 7 < 5
    return START + DAY_MS * every[kept & ~np.isin(every, absent)]


def hours(*absent: int, weeks: int = 8) -> NDArray[np.int64]:
    """Return the hours from 14 to 20 of weekdays, but not those absent."""
    every = np.arange(7 * 24 * weeks)
    trading = (every // 24 % 7 < 5) & (every % 24 >= 14) & (every % 24 <= 20)
    return START + HOUR * every[trading & ~np.isin(every, absent)]


def test_an_exchange_is_closed_at_weekends() -> None:
    time = days()

    holes = find_holes(time, sessions_of(time, DAY, always_open=False))

    assert len(holes.start) == 0


def test_a_market_that_never_closes_misses_its_weekends() -> None:
    time = days(weeks=2)

    holes = find_holes(time, sessions_of(time, DAY, always_open=True))

    assert holes.gaps == Gaps(1, 2)
    assert holes.start.tolist() == [START + 5 * DAY_MS]
    assert holes.end.tolist() == [START + 7 * DAY_MS]


@pytest.mark.parametrize("absent", [(2,), (4,), (7, 8), (4, 7)])
def test_a_day_or_two_without_trading_is_a_holiday(absent: tuple[int, ...]) -> None:
    time = days(*absent)

    holes = find_holes(time, sessions_of(time, DAY, always_open=False))

    assert holes.missing.tolist() == [len(absent)]
    assert holes.holiday.tolist() == [True]
    assert holes.gaps == Gaps(0, 0)


def test_three_days_are_a_gap() -> None:
    time = days(8, 9, 10)

    holes = find_holes(time, sessions_of(time, DAY, always_open=False))

    assert holes.gaps == Gaps(1, 3)


def test_no_exchange_has_a_holiday_every_week() -> None:
    time = days(*range(2, 7 * 60, 7))

    holes = find_holes(time, sessions_of(time, DAY, always_open=False))

    assert holes.gaps == Gaps(60, 60)


def test_the_hours_of_an_exchange_are_those_it_usually_trades() -> None:
    time = hours()

    sessions = sessions_of(time, ONE_HOUR, always_open=False)

    assert sessions.bars_per_day == 7
    assert len(find_holes(time, sessions).start) == 0


@pytest.mark.parametrize(
    ("absent", "holiday"),
    [
        ((24 + 16, 24 + 17), False),  # in the middle of a day
        ((24 + 18, 24 + 19, 24 + 20), True),  # a day that ended early
        (tuple(range(24 + 14, 24 + 21)), True),  # a day
        (tuple(range(24 + 14, 4 * 24 + 21)), False),  # four days
    ],
)
def test_bars_absent_inside_a_session_are_a_gap(
    absent: tuple[int, ...], holiday: bool
) -> None:
    time = hours(*absent)

    holes = find_holes(time, sessions_of(time, ONE_HOUR, always_open=False))

    assert holes.holiday.tolist() == [holiday]


@pytest.mark.parametrize("code", ["3d", "1w"])
def test_bars_longer_than_a_day_are_expected_always(code: str) -> None:
    timeframe = Timeframe.parse(code)
    time = START + timeframe.ms * np.array([0, 1, 3])

    holes = find_holes(time, sessions_of(time, timeframe, always_open=False))

    assert holes.gaps == Gaps(1, 1)


@pytest.mark.parametrize("always_open", [True, False])
@pytest.mark.parametrize("bars", [0, 1])
def test_nothing_and_one_bar_have_no_holes(bars: int, always_open: bool) -> None:
    time = START + HOUR * np.arange(bars)

    holes = find_holes(time, sessions_of(time, ONE_HOUR, always_open=always_open))

    assert holes.gaps == Gaps(0, 0)
