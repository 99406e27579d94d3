"""Averages that TA-Lib lacks, or that the golden columns do not cover."""

import math

import numpy as np
import pytest

from strategies.tests.functions.comparing import (
    NAN,
    Window,
    assert_close,
    bars_of,
    call,
    rolling,
)

HOUR_MS = 3_600_000


def test_swma_weighs_the_two_in_the_middle_twice() -> None:
    bars = bars_of(1)

    expected = rolling(bars.close, 4, lambda w: (w[0] + 2 * w[1] + 2 * w[2] + w[3]) / 6)

    assert_close(call("swma", bars, bars.close), expected)


@pytest.mark.parametrize(
    ("length", "offset", "sigma"), [(1, 0.85, 6.0), (9, 0.85, 6.0), (10, 0.5, 2.0)]
)
def test_alma_is_an_average_under_a_bell(
    length: int, offset: float, sigma: float
) -> None:
    def bell(window: Window) -> float:
        middle, width = offset * (length - 1), length / sigma
        weights = [
            math.exp(-((i - middle) ** 2) / (2 * width**2)) for i in range(length)
        ]
        return sum(w * x for w, x in zip(weights, window, strict=True)) / sum(weights)

    bars = bars_of(2)

    assert_close(
        call("alma", bars, bars.close, length, offset, sigma),
        rolling(bars.close, length, bell),
    )


def test_a_bell_too_narrow_for_any_bar_takes_the_nearest() -> None:
    bars = bars_of(2)

    values = call("alma", bars, bars.close, 2, 0.4, 100.0)

    assert_close(values[1:], bars.close[:-1])


@pytest.mark.parametrize("offset", [0, 1, 7])
def test_linreg_is_the_line_of_least_squares(offset: int) -> None:
    def line(window: Window) -> float:
        rise, level = np.polyfit(range(len(window)), window, 1)
        return float(level + rise * (len(window) - 1 - offset))

    bars = bars_of(3)

    assert_close(
        call("linreg", bars, bars.close, 14, offset), rolling(bars.close, 14, line)
    )


@pytest.mark.parametrize("length", [1, 2, 10])
def test_vwma_weighs_by_volume_and_has_no_answer_without(length: int) -> None:
    bars = bars_of(4, rough=True)
    money = rolling(bars.close * bars.volume, length, sum)
    traded = rolling(bars.volume, length, sum)

    expected = [m / v if v else NAN for m, v in zip(money, traded, strict=True)]

    assert_close(call("vwma", bars, bars.close, length), expected)


@pytest.mark.parametrize("anchor", ["1h", "1d", "1w"])
def test_vwap_begins_again_with_every_period(anchor: str) -> None:
    bars = bars_of(5, rough=True)
    # Weeks begin on Monday, and 1970-01-01 was a Thursday.
    length, origin = {"1h": (1, 0), "1d": (24, 0), "1w": (168, 96)}[anchor]
    period = [(t // HOUR_MS - origin) // length for t in bars.time.tolist()]
    expected = []
    for bar, now in enumerate(period):
        inside = [i for i in range(bar + 1) if period[i] == now]
        traded = sum(bars.volume[i] for i in inside)
        price = (bars.high + bars.low + bars.close) / 3
        money = sum(price[i] * bars.volume[i] for i in inside)
        expected.append(money / traded if traded else NAN)

    assert_close(call("vwap", bars, anchor), expected)


def test_an_average_begins_again_after_a_hole() -> None:
    bars = bars_of(6)
    holed = bars.close.copy()
    holed[70] = np.nan

    values = call("ema", bars, holed, 10)

    assert_close(values[:70], call("ema", bars, bars.close, 10)[:70])
    assert_close(values[71:], call("ema", bars, bars.close[71:], 10))
