import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from marketdata.markets import ALWAYS, EXCHANGE
from marketdata.ohlcv import Ohlcv
from marketdata.resampling import complete, resample, thin
from marketdata.sessions import sessions_of
from marketdata.tests.candles import HOUR, START, candles, candles_at
from marketdata.timeframes import DAY_MS, Timeframe

hours = st.sets(st.integers(-300, 300), min_size=1).map(
    lambda found: START + HOUR * np.array(sorted(found), np.int64)
)
HIGHER = st.sampled_from(["2h", "4h", "12h", "1d", "1w"]).map(Timeframe.parse)


def naive(ohlcv: Ohlcv, timeframe: Timeframe) -> list[list[float]]:
    buckets: dict[int, list[float]] = {}
    for row in zip(*(column.tolist() for column in ohlcv), strict=True):
        time, opened, high, low, close, volume = row
        bar = buckets.setdefault(
            timeframe.floor(time), [opened, -np.inf, np.inf, 0.0, 0.0]
        )
        bar[1] = max(bar[1], high)
        bar[2] = min(bar[2], low)
        bar[3] = close
        bar[4] += volume
    return [[time, *bar] for time, bar in buckets.items()]


@given(hours, HIGHER)
def test_resampling_agrees_with_a_loop(
    time: np.ndarray[tuple[int], np.dtype[np.int64]], timeframe: Timeframe
) -> None:
    ohlcv = candles_at(time)

    columns = [column.tolist() for column in resample(ohlcv, timeframe)]

    expected = np.array(naive(ohlcv, timeframe)).T
    np.testing.assert_allclose(columns, expected, rtol=1e-12)


@given(hours, HIGHER)
def test_nothing_is_lost_by_resampling(
    time: np.ndarray[tuple[int], np.dtype[np.int64]], timeframe: Timeframe
) -> None:
    ohlcv = candles_at(time)
    wide = resample(ohlcv, timeframe)

    assert wide.volume.sum() == pytest.approx(ohlcv.volume.sum())
    assert wide.high.max() == ohlcv.high.max()
    assert wide.low.min() == ohlcv.low.min()
    assert (wide.open[0], wide.close[-1]) == (ohlcv.open[0], ohlcv.close[-1])


def test_a_gap_gives_no_bar() -> None:
    ohlcv = candles_at(np.array([START, START + 49 * HOUR]))

    daily = resample(ohlcv, Timeframe.parse("1d"))

    assert daily.time.tolist() == [START, START + 48 * HOUR]


def test_weekly_bars_open_on_mondays() -> None:
    weekly = resample(candles(24 * 15), Timeframe.parse("1w"))

    assert weekly.time.tolist() == [START + 168 * HOUR * week for week in range(3)]


def test_a_bar_that_begins_inside_a_bucket_is_labelled_with_the_buckets_open() -> None:
    ohlcv = candles(5, start=START + 3 * HOUR)

    assert resample(ohlcv, Timeframe.parse("1d")).time.tolist() == [START]


def test_its_own_timeframe_changes_nothing() -> None:
    ohlcv = candles(5)

    same = resample(ohlcv, Timeframe.parse("1h"))

    assert [c.tolist() for c in same] == [c.tolist() for c in ohlcv]


def test_no_bars_give_no_bars() -> None:
    assert len(resample(Ohlcv.empty(), Timeframe.parse("1d"))) == 0
    assert len(thin(Ohlcv.empty(), 5)) == 0


@given(st.integers(1, 500), st.integers(1, 600))
def test_thinning_gives_as_many_points_as_asked_or_all_bars(
    bars: int, points: int
) -> None:
    assert len(thin(candles(bars), points)) == min(bars, points)


@given(st.integers(2, 500), st.integers(1, 100))
def test_thinning_keeps_high_low_volume_and_both_ends(bars: int, points: int) -> None:
    ohlcv = candles(bars)

    thinned = thin(ohlcv, points)

    assert thinned.high.max() == ohlcv.high.max()
    assert thinned.low.min() == ohlcv.low.min()
    assert thinned.volume.sum() == pytest.approx(ohlcv.volume.sum())
    assert (thinned.time[0], thinned.open[0]) == (ohlcv.time[0], ohlcv.open[0])
    assert thinned.close[-1] == ohlcv.close[-1]


def whole(time: NDArray[np.int64], code: str, *, always_open: bool) -> list[bool]:
    """Say which wider bars made of bars at these times are complete."""
    ohlcv, wide = candles_at(time), Timeframe.parse(code)
    step = Timeframe.parse("1d" if (np.diff(time) >= DAY_MS).all() else "1h")
    sessions = sessions_of(time, step, ALWAYS if always_open else EXCHANGE)
    return list(complete(ohlcv, resample(ohlcv, wide), wide, sessions).tolist())


def test_a_wider_bar_is_complete_with_all_its_parts() -> None:
    time = START + HOUR * np.arange(2, 30)

    assert whole(time, "4h", always_open=True) == [False, *[True] * 6, False]


def test_a_hole_inside_leaves_a_wider_bar_incomplete() -> None:
    time = START + HOUR * np.delete(np.arange(24), 9)

    assert whole(time, "4h", always_open=True) == [
        *[True] * 2,
        False,
        *[True] * 3,
    ]


def test_a_week_of_an_exchange_is_five_days_or_four() -> None:
    every = np.arange(21)
    time = START + DAY_MS * every[(every % 7 < 5) & (every != 9)]

    assert whole(time, "1w", always_open=False) == [True, True, True]
    assert whole(time, "1w", always_open=True) == [False, False, False]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(1, 18, [False, True, True]), (0, 17, [True, True, False])],
)
def test_a_week_in_which_the_data_begin_or_end_is_incomplete(
    first: int, last: int, expected: list[bool]
) -> None:
    every = np.arange(first, last + 1)

    time = START + DAY_MS * every[every % 7 < 5]

    assert whole(time, "1w", always_open=False) == expected


def test_no_bars_are_complete() -> None:
    assert whole(np.empty(0, np.int64), "1d", always_open=True) == []
