"""What functions say of a market that trades, and then stands still."""

import numpy as np
import pytest

from strategies.indicators.crossings import cross
from strategies.language.functions.registry import Bars
from strategies.language.inputs import INPUTS
from strategies.tests.functions.comparing import bars_of, call

# Prices whose third, three times, is another float, and one of which it is not.
STILL = [0.1, 0.7, 1.0, 27_345.67]
MOVING = 80


def _coming_to_rest(price: float, seed: int = 7) -> Bars:
    bars = bars_of(seed, bars=3 * MOVING)
    columns = {}
    for name in ("open", "high", "low", "close"):
        columns[name] = getattr(bars, name).copy()
        columns[name][MOVING:] = price
    return bars._replace(**columns)


@pytest.mark.parametrize("price", STILL)
@pytest.mark.parametrize("length", [2, 5, 14])
def test_stoch_rsi_is_zero_once_its_window_stands_still(
    price: float, length: int
) -> None:
    bars = _coming_to_rest(price)

    k, d = call("stoch_rsi", bars, bars.close, length, length, 3)

    # The RSI keeps its last value.
    assert (k[MOVING + length :] == 0).all()
    assert np.abs(d[MOVING + length + 2 :]).max() < 1e-12


@pytest.mark.parametrize("name", ["rsi", "cmo"])
@pytest.mark.parametrize("length", [2, 14])
def test_an_index_keeps_its_value_however_long_the_price_stands_still(
    name: str, length: int
) -> None:
    moving = bars_of(7).close[:MOVING]
    # By then nothing is left of the averages of gains and losses.
    prices = np.concatenate((moving, np.full(12_000, moving[-1])))

    index = call(name, bars_of(7), prices, length)

    assert (index[MOVING:] == index[MOVING - 1]).all()
    assert index[MOVING] not in (0, 100)


@pytest.mark.parametrize("price", STILL)
def test_a_still_price_never_crosses_its_volume_weighted_average(price: float) -> None:
    bars = _coming_to_rest(price)
    fair = call("vwap", bars, "1d")

    # The last day but one is the first of the standstill alone.
    assert (fair[-48:] == price).all()
    assert not cross(bars.close, fair)[-47:].any()


@pytest.mark.parametrize("name", ["hl2", "hlc3", "ohlc4"])
@pytest.mark.parametrize("price", STILL)
def test_the_mean_of_a_still_bar_is_its_price(name: str, price: float) -> None:
    bars = _coming_to_rest(price)

    assert (INPUTS[name].compute(bars)[MOVING:] == price).all()


def test_the_typical_price_is_a_third_of_the_sum() -> None:
    bars = bars_of(3)

    expected = (bars.high + bars.low + bars.close) / 3

    np.testing.assert_allclose(INPUTS["hlc3"].compute(bars), expected, rtol=1e-15)
