"""A million bars as a few thousand buckets."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backtests.reports.buckets import MOST, Buckets
from backtests.tests.factories import walk

VALUES = st.lists(
    st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=60
)


@settings(deadline=None)
@given(VALUES, st.integers(1, 20))
def test_no_extreme_is_lost_and_none_is_made_up(values: list[float], most: int) -> None:
    line = np.array(values)
    buckets = Buckets.of(len(line), most)

    samples = buckets.samples(line)

    np.testing.assert_array_equal(np.unique(samples[-1:]), np.unique(line[-1:]))
    for start in buckets.starts:
        inside = line[start : start + buckets.size]
        if np.isfinite(inside).any():
            assert np.nanmin(inside) in samples
            assert np.nanmax(inside) in samples
    assert np.isin(samples[np.isfinite(samples)], line).all()


@settings(deadline=None)
@given(st.integers(1, 500), st.integers(1, 40))
def test_samples_have_times_that_never_go_back(bars: int, most: int) -> None:
    buckets = Buckets.of(bars, most)
    time = np.arange(bars) * 60_000

    moments = buckets.moments(time)

    assert len(moments) == len(buckets.samples(np.zeros(bars)))
    assert len(moments) <= max(bars, 2 * most + 1)
    assert (np.diff(moments) >= 0).all()
    assert (moments[0], moments[-1]) == (time[0], time[-1])


def test_the_lower_extreme_comes_first_where_it_came_first() -> None:
    buckets = Buckets(bars=8, size=4)

    samples = buckets.samples(np.array([5.0, 1, 9, 4, 7, 8, 2, 3]))

    # 1 before 9 in the first four, 8 before 2 in the others; then the last value.
    np.testing.assert_array_equal(samples, [1, 9, 8, 2, 3])


def test_few_bars_stay_as_they_are() -> None:
    candles = walk(300)
    buckets = Buckets.of(300)

    assert buckets.size == 1
    assert buckets.candles(candles) is candles
    assert buckets.samples(candles.close) is candles.close


def test_a_million_bars_become_wide_candles() -> None:
    candles = walk(MOST * 3 - 1)
    buckets = Buckets.of(len(candles))

    wide = buckets.candles(candles)

    assert len(wide) == MOST
    assert wide.open[1] == candles.open[3]
    assert wide.close[1] == candles.close[5]
    assert wide.high[1] == candles.high[3:6].max()
    assert wide.low[-1] == candles.low[-2:].min()
