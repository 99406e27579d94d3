import numpy as np
import pytest
from numpy.typing import NDArray

from marketdata.gaps import Gaps, find_holes
from marketdata.markets import ALWAYS, EXCHANGE, FX
from marketdata.sessions import Schedule, sessions_of
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


def schedule(*days: int, early: tuple[int, ...] = ()) -> Schedule:
    """Return sessions from 14:30 to 21:00 on these days, or to 18:00 where early."""
    date = START + DAY_MS * np.array(days, np.int64)
    close = date + np.where(np.isin(days, early), 18, 21) * HOUR
    return Schedule(date, date + 29 * HOUR // 2, close, close, close)


def test_an_exchange_is_closed_at_weekends() -> None:
    time = days()

    holes = find_holes(time, sessions_of(time, DAY, EXCHANGE))

    assert len(holes.start) == 0


def test_a_market_that_never_closes_misses_its_weekends() -> None:
    time = days(weeks=2)

    holes = find_holes(time, sessions_of(time, DAY, ALWAYS))

    assert holes.gaps == Gaps(1, 2)
    assert holes.start.tolist() == [START + 5 * DAY_MS]
    assert holes.end.tolist() == [START + 7 * DAY_MS]


@pytest.mark.parametrize("absent", [(2,), (4,), (7, 8), (4, 7)])
def test_a_day_or_two_without_trading_is_a_holiday(absent: tuple[int, ...]) -> None:
    time = days(*absent)

    holes = find_holes(time, sessions_of(time, DAY, EXCHANGE))

    assert holes.missing.tolist() == [len(absent)]
    assert holes.holiday.tolist() == [True]
    assert holes.gaps == Gaps(0, 0)


def test_three_days_are_a_gap() -> None:
    time = days(8, 9, 10)

    holes = find_holes(time, sessions_of(time, DAY, EXCHANGE))

    assert holes.gaps == Gaps(1, 3)


def test_no_exchange_has_a_holiday_every_week() -> None:
    time = days(*range(2, 7 * 60, 7))

    holes = find_holes(time, sessions_of(time, DAY, EXCHANGE))

    assert holes.gaps == Gaps(60, 60)


def test_the_hours_of_an_exchange_are_those_it_usually_trades() -> None:
    time = hours()

    sessions = sessions_of(time, ONE_HOUR, EXCHANGE)

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

    holes = find_holes(time, sessions_of(time, ONE_HOUR, EXCHANGE))

    assert holes.holiday.tolist() == [holiday]


@pytest.mark.parametrize("code", ["3d", "1w"])
def test_bars_longer_than_a_day_are_expected_always(code: str) -> None:
    timeframe = Timeframe.parse(code)
    time = START + timeframe.ms * np.array([0, 1, 3])

    holes = find_holes(time, sessions_of(time, timeframe, EXCHANGE))

    assert holes.gaps == Gaps(1, 1)


@pytest.mark.parametrize("calendar", [ALWAYS, FX, EXCHANGE, schedule(0)])
@pytest.mark.parametrize("bars", [0, 1])
def test_nothing_and_one_bar_have_no_holes(bars: int, calendar: str | Schedule) -> None:
    time = START + HOUR * np.arange(bars)

    holes = find_holes(time, sessions_of(time, ONE_HOUR, calendar))

    assert holes.gaps == Gaps(0, 0)


def test_a_day_that_an_exchange_was_open_is_missing() -> None:
    calendar = schedule(0, 1, 2, 4, 7)

    time = START + DAY_MS * np.array([0, 2, 4, 7])
    holes = find_holes(time, sessions_of(time, DAY, calendar))

    # The fourth day was a holiday; the second was not, and so it is no holiday here.
    assert holes.gaps == Gaps(1, 1)
    assert holes.start.tolist() == [START + DAY_MS]


def opens(day: int, *hours: float) -> list[int]:
    return [START + DAY_MS * day + int(hour * HOUR) for hour in hours]


def missing(time: list[int], timeframe: Timeframe, calendar: Schedule) -> list[int]:
    """Return the opens of the bars that are missing between the first and the last."""
    array = np.array(time, np.int64)
    holes = find_holes(array, sessions_of(array, timeframe, calendar))
    assert not holes.holiday.any()
    return holes.start.tolist() if holes.gaps.missing_bars else []


def test_a_session_is_full_of_bars_up_to_its_close() -> None:
    half = Timeframe.parse("30m")
    calendar = schedule(0, 1, 2, early=(1,))
    whole = [14.5 + n / 2 for n in range(13)]
    time = opens(0, *whole) + opens(1, *whole[:7]) + opens(2, *whole)

    assert missing(time, half, calendar) == []
    for absent in (5, 12, 13, 19, 20):
        there = time[:absent] + time[absent + 1 :]
        assert missing(there, half, calendar) == [time[absent]]


@pytest.mark.parametrize("first", [14, 15])
def test_an_hour_that_is_open_in_part_is_expected_where_it_is_usual(
    first: int,
) -> None:
    calendar = schedule(*range(5))
    time = sum((opens(n, *range(first, 21)) for n in range(5)), [])

    assert missing(time, ONE_HOUR, calendar) == []
    second_day = time.index(opens(1, first)[0])
    there = time[:second_day] + time[second_day + 1 :]
    assert missing(there, ONE_HOUR, calendar) == [time[second_day]]


def test_hours_may_begin_when_the_exchange_opens() -> None:
    calendar = schedule(*range(5))
    hour = Timeframe.parse("1h", HOUR // 2)
    time = sum((opens(n, *(14.5 + k for k in range(7))) for n in range(5)), [])

    assert missing(time, hour, calendar) == []
    assert missing(time[:9] + time[10:], hour, calendar) == [time[9]]


def test_nothing_is_expected_in_a_pause() -> None:
    date = START + DAY_MS * np.arange(3)
    calendar = Schedule(
        date, date, date + 5 * HOUR // 2, date + 7 * HOUR // 2, date + 6 * HOUR
    )
    half = Timeframe.parse("30m")
    day = [n / 2 for n in (*range(5), *range(7, 12))]
    time = opens(0, *day) + opens(1, *day)

    assert missing(time, half, calendar) == []
    assert missing(time[:5] + time[6:], half, calendar) == [time[5]]


def test_a_week_without_a_session_is_not_expected() -> None:
    week = Timeframe.parse("1w")
    calendar = schedule(0, 1, 15, 21)

    assert missing([START, START + 14 * DAY_MS], week, calendar) == []
    assert missing([START, START + 21 * DAY_MS], week, calendar) == [
        START + 14 * DAY_MS
    ]


def test_currencies_trade_from_sunday_evening_to_friday_evening() -> None:
    sunday, friday = 6 * 24 + 22, 4 * 24 + 20
    hours = [*range(friday + 1), *range(sunday, 7 * 24 + 5)]
    time = START + HOUR * np.array(hours)

    assert find_holes(time, sessions_of(time, ONE_HOUR, FX)).gaps == Gaps(0, 0)
    later = np.delete(time, friday + 1)
    assert find_holes(later, sessions_of(later, ONE_HOUR, FX)).missing.tolist() == [1]
