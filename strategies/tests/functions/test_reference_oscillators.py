"""Oscillators, channels and volume that the golden columns do not cover."""

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from strategies.language.functions.registry import Bars
from strategies.tests.functions.comparing import (
    NAN,
    assert_close,
    bars_of,
    call,
    rolling,
)

type Floats = NDArray[np.float64]


def _ema(values: list[float], length: int) -> list[float]:
    """Return the exponential average; leading undefined values are skipped."""
    start = next(i for i, value in enumerate(values) if not math.isnan(value))
    seed = start + length - 1
    result = [NAN] * len(values)
    result[seed] = sum(values[start : seed + 1]) / length
    for bar in range(seed + 1, len(values)):
        step = 2 / (length + 1)
        result[bar] = result[bar - 1] + step * (values[bar] - result[bar - 1])
    return result


def _changes(values: Floats) -> list[float]:
    return [NAN, *(b - a for a, b in zip(values[:-1], values[1:], strict=True))]


def _true_range(bars: Bars) -> list[float]:
    before = [NAN, *bars.close[:-1]]
    rows = zip(bars.high, bars.low, before, strict=True)
    ranges = [max(h - lo, abs(h - c), abs(lo - c)) for h, lo, c in rows]
    return [NAN, *ranges[1:]]


def test_tsi_is_the_change_smoothed_twice_over_its_size_smoothed_twice() -> None:
    bars = bars_of(11)
    changes = _changes(bars.close)

    up = _ema(_ema(changes, 25), 13)
    size = _ema(_ema([abs(c) for c in changes], 25), 13)
    expected = [100 * a / b for a, b in zip(up, size, strict=True)]

    assert_close(call("tsi", bars, bars.close, 13, 25), expected)


def test_trix_is_the_relative_change_of_three_averages() -> None:
    bars = bars_of(12)
    triple = _ema(_ema(_ema(bars.close.tolist(), 9), 9), 9)

    expected = [NAN, *(100 * (b / a - 1) for a, b in pairwise(triple))]

    assert_close(call("trix", bars, bars.close, 9), expected)


def test_ppo_compares_two_exponential_averages() -> None:
    bars = bars_of(13)
    fast, slow = (np.array(_ema(bars.close.tolist(), n)) for n in (12, 26))

    values = call("ppo", bars, bars.close, 12, 26, "ema")

    assert_close(values, 100 * (fast - slow) / slow)


@pytest.mark.parametrize("length", [2, 14])
def test_chop_is_the_path_over_the_progress(length: int) -> None:
    bars = bars_of(14)
    path = rolling(np.array(_true_range(bars)), length, sum)
    high, low = rolling(bars.high, length, max), rolling(bars.low, length, min)

    rows = zip(path, high, low, strict=True)
    expected = [
        100 * math.log10(p / (h - lo)) / math.log10(length) for p, h, lo in rows
    ]

    assert_close(call("chop", bars, length), expected)


def test_a_market_that_stands_still_has_no_choppiness() -> None:
    bars = bars_of(14)
    flat = np.full(len(bars.close), 7.0)
    still = bars._replace(open=flat, high=flat, low=flat, close=flat)

    assert np.isnan(call("chop", still, 14)).all()


def test_bbw_is_the_width_of_the_bands_over_their_middle() -> None:
    bars = bars_of(15)

    expected = rolling(
        bars.close, 20, lambda w: 2 * 2.5 * float(np.std(w)) / float(np.mean(w))
    )

    assert_close(call("bbw", bars, bars.close, 20, 2.5), expected)


@pytest.mark.parametrize("length", [1, 5])
def test_donchian_of_any_length_is_the_range_of_the_window(length: int) -> None:
    bars = bars_of(16, rough=True)
    high, low = rolling(bars.high, length, max), rolling(bars.low, length, min)

    upper, middle, lower = call("donchian", bars, length)

    assert_close(upper, high)
    assert_close(lower, low)
    assert_close(middle, (np.array(high) + np.array(low)) / 2)


@pytest.mark.parametrize("seed", range(5))
def test_stoch_is_the_place_in_the_range_smoothed_twice(seed: int) -> None:
    bars = bars_of(seed, rough=True)
    high, low = rolling(bars.high, 5, max), rolling(bars.low, 5, min)
    rows = zip(bars.close, high, low, strict=True)
    raw = [100 * (c - lo) / (h - lo) if h != lo else 0.0 for c, h, lo in rows]
    raw[:4] = [NAN] * 4
    k = rolling(np.array(raw), 3, lambda w: sum(w) / 3)
    d = rolling(np.array(k), 2, lambda w: sum(w) / 2)
    k[6] = NAN

    values = call("stoch", bars, 5, 3, 2)

    assert_close(values, [k, d])


@pytest.mark.parametrize("seed", range(5))
def test_aroon_tells_the_age_of_the_latest_extremes(seed: int) -> None:
    bars = bars_of(seed, rough=True)
    age_of_high = rolling(bars.high, 8, lambda w: w[::-1].index(max(w)))
    age_of_low = rolling(bars.low, 8, lambda w: w[::-1].index(min(w)))

    up, down = call("aroon", bars, 7)

    assert_close(up, [100 * (7 - age) / 7 for age in age_of_high])
    assert_close(down, [100 * (7 - age) / 7 for age in age_of_low])


def test_force_index_is_the_average_of_change_times_volume() -> None:
    bars = bars_of(17)
    force = (np.array(_changes(bars.close)) * bars.volume).tolist()

    assert_close(call("force_index", bars, 13), _ema(force, 13))


def test_pvt_adds_the_relative_change_times_volume() -> None:
    bars = bars_of(18)
    expected = [0.0]
    for bar in range(1, len(bars.close)):
        change = bars.close[bar] / bars.close[bar - 1] - 1
        expected.append(expected[-1] + change * bars.volume[bar])

    assert_close(call("pvt", bars), expected)


def test_ease_of_movement_counts_a_bar_without_volume_as_none() -> None:
    bars = bars_of(19, rough=True)
    centre = (bars.high + bars.low) / 2
    raw = [NAN]
    for bar in range(1, len(centre)):
        moved = (centre[bar] - centre[bar - 1]) * (bars.high[bar] - bars.low[bar])
        volume = bars.volume[bar]
        raw.append(10_000 * moved / volume if volume else 0.0)

    expected = rolling(np.array(raw), 14, lambda w: sum(w) / 14)

    assert_close(call("eom", bars, 14), expected)


def test_a_parabolic_stop_may_begin_slower_than_it_speeds_up() -> None:
    bars = bars_of(20)

    same = call("sar", bars, 0.02, 0.02, 0.2)
    slow_start = call("sar", bars, 0.001, 0.02, 0.2)

    assert_close(slow_start[1], same[1])
    assert not np.allclose(slow_start[2:], same[2:])


def test_supertrend_points_up_below_the_price_and_down_above_it() -> None:
    bars = bars_of(21)

    line, direction = call("supertrend", bars, 1.0, 10)

    assert {-1.0, 1.0} == set(direction[10:])
    np.testing.assert_array_equal((line < bars.close)[10:], (direction == 1)[10:])


def test_dmi_gives_the_rising_side_first() -> None:
    bars = bars_of(22)
    up = bars._replace(
        high=np.arange(1.0, 161), low=np.arange(160.0), close=np.arange(0.5, 160)
    )

    plus, minus = call("dmi", up, 14)

    assert (plus[14:] > 0).all()
    assert (minus[14:] == 0).all()


def test_rounding_left_in_running_sums_is_no_answer_once_trading_has_stopped() -> None:
    bars = bars_of(23)
    stopped = bars.close.copy()
    stopped[80:] = stopped[79]
    volume = np.where(np.arange(160) < 80, bars.volume * 1e6, 0.0)
    still = bars._replace(high=stopped, low=stopped, close=stopped, volume=volume)

    assert np.isnan(call("vwma", still, still.close, 14)[100:]).all()
    assert np.isnan(call("zscore", still, still.close, 14)[100:]).all()
    for name in ("cmf", "mfi", "cci", "wpr"):
        assert (call(name, still, 14)[100:] == 0).all()
    assert (call("ultosc", still, 5, 7, 14)[100:] == 0).all()
    assert (call("stoch", still, 14, 1, 1)[0][100:] == 0).all()
    assert (call("correlation", still, stopped, bars.close, 14)[100:] == 0).all()
    assert (call("beta", still, bars.close, stopped, 14)[100:] == 0).all()
