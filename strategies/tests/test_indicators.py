from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from strategies.indicators.averages import ema, sma
from strategies.indicators.momentum import rsi
from strategies.tests.golden import golden_columns, golden_json

type Indicator = Callable[[NDArray[np.float64], int], NDArray[np.float64]]

INDICATORS = {"SMA": sma, "EMA": ema, "RSI": rsi}


@pytest.mark.parametrize("symbol", ["GOOG", "BTCUSDT_1h"])
@pytest.mark.parametrize("name", INDICATORS)
def test_it_equals_the_golden_values(name: str, symbol: str) -> None:
    manifest = golden_json(f"indicators/{symbol}_manifest.json")
    entry = next(
        f for f in manifest["functions"] if f["call"].startswith(f"talib.{name}(")
    )
    (column,), length = entry["columns"], int(entry["call"].split("=")[1].rstrip(")"))
    close = golden_columns(f"data/{symbol}.csv.gz")["Close"][: manifest["rows"]]

    values = INDICATORS[name](close, length)

    expected = golden_columns(f"indicators/{symbol}_talib.csv.gz")[column]
    assert np.isnan(values).sum() == entry["nan_prefix"][0]
    np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("indicator", INDICATORS.values())
def test_too_few_bars_give_only_nan(indicator: Indicator) -> None:
    assert np.isnan(indicator(np.arange(1.0, 5.0), 10)).all()
    assert len(indicator(np.empty(0), 10)) == 0


def test_sma_is_the_mean_of_the_last_values() -> None:
    values = sma(np.array([1.0, 2.0, 6.0, 7.0]), 3)

    np.testing.assert_allclose(values, [np.nan, np.nan, 9 / 3, 15 / 3])


def test_ema_starts_at_the_mean_of_the_first_values() -> None:
    values = ema(np.array([1.0, 2.0, 6.0, 7.0]), 3)

    np.testing.assert_allclose(values, [np.nan, np.nan, 3, 3 + 2 / (3 + 1) * (7 - 3)])


def test_rsi_is_zero_when_nothing_changes() -> None:
    assert rsi(np.full(5, 100.0), 2)[2:].tolist() == [0.0, 0.0, 0.0]
