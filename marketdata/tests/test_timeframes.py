from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botforge.errors import InvalidInput
from marketdata.timeframes import CODES, DAY_MS, Timeframe

times = st.integers(-(10**14), 10**14)
timeframes = st.sampled_from(CODES).map(Timeframe.parse)


@pytest.mark.parametrize(
    ("code", "seconds"),
    [("1m", 60), ("15m", 900), ("1h", 3600), ("4h", 14_400), ("1d", 86_400)],
)
def test_a_code_names_a_length(code: str, seconds: int) -> None:
    assert Timeframe.parse(code).seconds == seconds


def test_timeframes_are_ordered_by_length() -> None:
    lengths = [Timeframe.parse(code) for code in CODES]

    assert lengths == sorted(lengths)


@pytest.mark.parametrize("code", ["", "1H", "60", "7m", "1M", "1h ", "1m\0"])
def test_an_unknown_code_is_refused_with_the_known_ones(code: str) -> None:
    with pytest.raises(InvalidInput, match="use one of 1m, 3m") as caught:
        Timeframe.parse(code)

    assert caught.value.errors[0].pointer == "/timeframe"


def test_a_weekly_bar_opens_on_monday_at_midnight_utc() -> None:
    wednesday = datetime(2023, 1, 4, 15, 30, tzinfo=UTC)

    opened = Timeframe.parse("1w").floor(int(wednesday.timestamp() * 1000))

    assert datetime.fromtimestamp(opened / 1000, UTC) == datetime(
        2023, 1, 2, tzinfo=UTC
    )


def test_a_daily_bar_opens_at_midnight_utc() -> None:
    assert Timeframe.parse("1d").floor(DAY_MS * 19_000 + 1) == DAY_MS * 19_000


@given(timeframe=timeframes, time=times)
def test_a_moment_lies_in_the_bar_that_floor_names(
    timeframe: Timeframe, time: int
) -> None:
    opened = timeframe.floor(time)

    assert opened <= time < opened + timeframe.ms
    assert timeframe.floor(opened) == opened
    assert (opened - timeframe.origin_ms) % timeframe.ms == 0


@given(timeframe=timeframes, time=times)
def test_ceil_is_the_first_open_at_or_after_a_moment(
    timeframe: Timeframe, time: int
) -> None:
    opened = timeframe.ceil(time)

    assert opened - timeframe.ms < time <= opened
    assert timeframe.floor(opened) == opened


def test_a_year_of_days_has_as_many_bars_as_the_calendar_has_days() -> None:
    assert Timeframe.parse("1d").bars_per_year() == 365
    assert Timeframe.parse("1h").bars_per_year(252) == 252 * 24


def test_a_timeframe_reads_as_its_code() -> None:
    assert str(Timeframe.parse("4h")) == "4h"
