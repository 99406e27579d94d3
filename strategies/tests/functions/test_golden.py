"""All that TA-Lib says of real candles, through the language and the package."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from strategies.indicators import averages, momentum, regression, trend, volume
from strategies.indicators.extremes import middle
from strategies.language.functions import FUNCTIONS
from strategies.language.functions.registry import Bars
from strategies.tests.golden import golden_columns, golden_json

type Floats = NDArray[np.float64]
type Table = dict[str, Floats]
type Call = Callable[[Bars, Any], Any]


def language(name: str, *order: str) -> Call:
    """Return a call of the language's function with TA-Lib's numbers in its order.

    A word is a column of the bars, one of TA-Lib's numbers, or itself.
    """

    def call(bars: Bars, numbers: dict[str, float]) -> Any:
        given = [
            getattr(bars, word) if word in Bars._fields else numbers.get(word, word)
            for word in order
        ]
        return FUNCTIONS[name].compute(bars, *given)

    return call


def swapped(call: Call) -> Call:
    """Return a call with its two outputs in TA-Lib's order."""
    return lambda bars, numbers: tuple(reversed(call(bars, numbers)))


def nth(call: Call, output: int) -> Call:
    return lambda bars, numbers: call(bars, numbers)[output]


P = "timeperiod"
LANGUAGE: dict[str, Call] = {
    **{
        name.upper(): language(name, "close", P)
        for name in ("sma", "ema", "wma", "dema", "tema", "trima", "kama", "rma")
    },
    **{
        name: language(function, "close", P)
        for name, function in (
            ("HMA", "hma"),
            ("ZLEMA", "zlema"),
            ("VWMA", "vwma"),
            ("RSI", "rsi"),
            ("STDDEV", "stdev"),
            ("VAR", "variance"),
            ("ROC", "roc"),
            ("MOM", "mom"),
            ("CMO", "cmo"),
            ("TRIX", "trix"),
        )
    },
    **{
        name: language(function, P)
        for name, function in (
            ("ATR", "atr"),
            ("NATR", "natr"),
            ("ADX", "adx"),
            ("CCI", "cci"),
            ("MFI", "mfi"),
            ("CMF", "cmf"),
            ("WILLR", "wpr"),
            ("DONCHIAN", "donchian"),
        )
    },
    "MACD": language("macd", "close", "fastperiod", "slowperiod", "signalperiod"),
    "PPO": language("ppo", "close", "fastperiod", "slowperiod", "sma"),
    "STOCH": language("stoch", "fastk_period", "slowk_period", "slowd_period"),
    "STOCHF": lambda bars, n: FUNCTIONS["stoch"].compute(
        bars, n["fastk_period"], 1, n["fastd_period"]
    ),
    "STOCHRSI": language("stoch_rsi", "close", P, "fastk_period", "fastd_period"),
    "TRANGE": language("tr"),
    "BBANDS": language("bb", "close", P, "nbdevup"),
    "KC": language("kc", P, "nbdev", "atrperiod"),
    "SUPERTREND": language("supertrend", "multiplier", P),
    "SAR": language("sar", "acceleration", "acceleration", "maximum"),
    "PLUS_DI": nth(language("dmi", P), 0),
    "MINUS_DI": nth(language("dmi", P), 1),
    "AROON": swapped(language("aroon", P)),
    "ULTOSC": language("ultosc", "timeperiod1", "timeperiod2", "timeperiod3"),
    "AO": language("ao", "fastperiod", "slowperiod"),
    "OBV": language("obv"),
    "AD": language("ad"),
    "LINEARREG": lambda bars, n: FUNCTIONS["linreg"].compute(bars, bars.close, n[P], 0),
    "MAX": language("highest", "high", P),
    "MIN": language("lowest", "low", P),
    "CORREL": language("correlation", "high", "low", P),
    "HA": lambda bars, n: tuple(
        FUNCTIONS[f"ha_{price}"].compute(bars)
        for price in ("open", "high", "low", "close")
    ),
}

# Columns without a function of the language of their own, from the package.
PACKAGE: dict[str, Call] = {
    "T3": lambda b, n: averages.t3(b.close, n[P], n["vfactor"]),
    "DX": lambda b, n: trend.dx(b.high, b.low, b.close, n[P]),
    "ADXR": lambda b, n: trend.adxr(b.high, b.low, b.close, n[P]),
    "VORTEX": lambda b, n: trend.vortex(b.high, b.low, b.close, n[P]),
    "AROONOSC": lambda b, n: np.subtract(*trend.aroon(b.high, b.low, n[P])),
    "ADOSC": lambda b, n: volume.adosc(
        b.high, b.low, b.close, b.volume, n["fastperiod"], n["slowperiod"]
    ),
    "APO": lambda b, n: momentum.apo(b.close, n["fastperiod"], n["slowperiod"], "sma"),
    "LINEARREG_SLOPE": lambda b, n: regression.slope(b.close, n[P]),
    "LINEARREG_INTERCEPT": lambda b, n: regression.intercept(b.close, n[P]),
    "TSF": lambda b, n: regression.forecast(b.close, n[P]),
    "MIDPRICE": lambda b, n: middle(b.high, b.low, n[P]),
    "VWAP": lambda b, n: volume.vwap(b.high, b.low, b.close, b.volume),
}

CALLS = LANGUAGE | PACKAGE
COLUMNS = 79


@cache
def _bars(symbol: str) -> Bars:
    rows = golden_json(f"indicators/{symbol}_manifest.json")["rows"]
    table = golden_columns(f"data/{symbol}.csv.gz")
    prices = [table[name][:rows] for name in ("Open", "High", "Low", "Close", "Volume")]
    return Bars._make([np.arange(rows) * 3_600_000, *prices, 3_600_000])


@cache
def _expected(symbol: str) -> Table:
    return golden_columns(f"indicators/{symbol}_talib.csv.gz")


def _numbers(call: str) -> dict[str, float]:
    """Return the constants of a call such as "talib.SMA(close, timeperiod=20)"."""
    found = re.findall(r"(\w+)=([\d.]+)", call)
    return {name: float(v) if "." in v else int(v) for name, v in found}


@pytest.mark.parametrize("symbol", ["GOOG", "BTCUSDT_1h"])
@pytest.mark.parametrize("name", CALLS)
def test_it_equals_the_golden_columns(name: str, symbol: str) -> None:
    manifest = golden_json(f"indicators/{symbol}_manifest.json")["functions"]
    entries = [f for f in manifest if f["call"].startswith(f"talib.{name}(")]
    assert entries

    for entry in entries:
        result = CALLS[name](_bars(symbol), _numbers(entry["call"]))
        arrays = result if isinstance(result, tuple) else (result,)
        for column, array, prefix in zip(
            entry["columns"], arrays, entry["nan_prefix"], strict=True
        ):
            # An integer output of TA-Lib has no prefix of its own; it holds zeros.
            first = entry["lookback"] if prefix is None else prefix
            expected = _expected(symbol)[column]
            assert np.isnan(array[:first]).all()
            assert np.isfinite(array[first:]).all()
            error = np.abs(array - expected) / np.maximum(1, np.abs(expected))
            assert error[first:].max() <= 1e-9


@pytest.mark.parametrize("symbol", ["GOOG", "BTCUSDT_1h"])
def test_no_golden_column_is_left_out(symbol: str) -> None:
    manifest = golden_json(f"indicators/{symbol}_manifest.json")["functions"]

    names = {
        entry["call"].partition("(")[0].removeprefix("talib.") for entry in manifest
    }

    assert names == set(CALLS)
    assert sum(len(entry["columns"]) for entry in manifest) == COLUMNS


def test_the_ichimoku_lines_are_golden_middles_moved_into_the_future() -> None:
    bars, golden = _bars("BTCUSDT_1h"), _expected("BTCUSDT_1h")

    lines = FUNCTIONS["ichimoku"].compute(bars, 9, 26, 52, 26)

    conversion, base, span_a, span_b = lines
    np.testing.assert_allclose(conversion, golden["MIDPRICE_9"], rtol=1e-12)
    np.testing.assert_allclose(base, golden["MIDPRICE_26"], rtol=1e-12)
    middle_line = (golden["MIDPRICE_9"] + golden["MIDPRICE_26"]) / 2
    np.testing.assert_allclose(span_a[26:], middle_line[:-26], rtol=1e-12)
    np.testing.assert_allclose(span_b[26:], golden["MIDPRICE_52"][:-26], rtol=1e-12)
    assert [int(np.isnan(line).sum()) for line in lines] == [8, 25, 51, 77]
