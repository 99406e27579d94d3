"""Moving averages."""

import math
from functools import partial

from marketdata.timeframes import CODES
from strategies.indicators import averages, regression, weighted
from strategies.indicators.calendar import anchored_vwap
from strategies.indicators.candles import typical_price
from strategies.language.functions.declaring import (
    SOURCE,
    STRETCH,
    choice,
    number,
    window,
)
from strategies.language.functions.registry import Function, Kind

_average = partial(
    Function, group="averages", returns=Kind.SERIES, cost_per_stretch=STRETCH
)
_by_talib = partial(_average, arguments=(SOURCE, window()), source="talib")

FUNCTIONS = (
    _by_talib(
        name="sma",
        outputs=("sma",),
        summary="Simple moving average.",
        example="sma(close, 20)",
        compute=lambda bars, source, length: averages.sma(source, length),
        warmup=lambda source, length: length - 1,
        cost=3,
    ),
    _by_talib(
        name="ema",
        outputs=("ema",),
        summary="Exponential average, seeded with the SMA of the first values; Pine "
        "seeds it with the first value and differs at the start.",
        example="ema(close, 20)",
        compute=lambda bars, source, length: averages.ema(source, length),
        warmup=lambda source, length: length - 1,
        cost=5,
    ),
    _by_talib(
        name="rma",
        outputs=("rma",),
        summary="Wilder's average, weight 1/length, seeded with an SMA; it is an EMA "
        "of 2 * length - 1.",
        example="rma(close, 14)",
        compute=lambda bars, source, length: averages.rma(source, length),
        warmup=lambda source, length: length - 1,
        cost=5,
    ),
    _by_talib(
        name="wma",
        outputs=("wma",),
        summary="Linearly weighted average, the newest value counting most.",
        example="wma(close, 20)",
        compute=lambda bars, source, length: averages.wma(source, length),
        warmup=lambda source, length: length - 1,
        cost=3,
    ),
    _by_talib(
        name="vwma",
        outputs=("vwma",),
        summary="Average weighted by volume; NaN where the window has no volume.",
        example="vwma(close, 20)",
        compute=lambda bars, source, length: averages.vwma(source, bars.volume, length),
        warmup=lambda source, length: length - 1,
        cost=9,
        inputs=("volume",),
    ),
    _by_talib(
        name="hma",
        outputs=("hma",),
        summary="Hull's average; half and root of the length are rounded down, where "
        "other packages round to the nearest.",
        example="hma(close, 20)",
        compute=lambda bars, source, length: averages.hma(source, length),
        warmup=lambda source, length: length - 1 + math.isqrt(length) - 1,
        cost=9,
    ),
    _average(
        name="swma",
        arguments=(SOURCE,),
        outputs=("swma",),
        summary="Average of the last four values, weighted 1, 2, 2, 1.",
        example="swma(close)",
        compute=lambda bars, source: weighted.swma(source),
        warmup=lambda source: 3,
        cost=5,
        source="numba",
    ),
    _average(
        name="alma",
        arguments=(
            SOURCE,
            window(maximum=500),
            number("offset", 0.85, 0, 1),
            number("sigma", 6, 0.1, 100),
        ),
        outputs=("alma",),
        summary="Average under a bell curve whose middle lies at offset of the window; "
        "its time grows with the length.",
        example="alma(close, 9, 0.85, 6)",
        compute=lambda bars, source, length, offset, sigma: weighted.alma(
            source, length, offset, sigma
        ),
        warmup=lambda source, length, offset, sigma: length - 1,
        cost=5,
        cost_per_length=1.5,
        source="numba",
    ),
    _by_talib(
        name="dema",
        outputs=("dema",),
        summary="Double exponential average; needs twice the bars of an EMA.",
        example="dema(close, 20)",
        compute=lambda bars, source, length: averages.dema(source, length),
        warmup=lambda source, length: 2 * (length - 1),
        cost=5,
    ),
    _by_talib(
        name="tema",
        outputs=("tema",),
        summary="Triple exponential average; needs three times the bars of an EMA.",
        example="tema(close, 20)",
        compute=lambda bars, source, length: averages.tema(source, length),
        warmup=lambda source, length: 3 * (length - 1),
        cost=6,
    ),
    _by_talib(
        name="trima",
        outputs=("trima",),
        summary="Triangular average: a simple average of simple averages.",
        example="trima(close, 20)",
        compute=lambda bars, source, length: averages.trima(source, length),
        warmup=lambda source, length: length - 1,
        cost=5,
    ),
    _by_talib(
        name="kama",
        arguments=(SOURCE, window(minimum=2)),
        outputs=("kama",),
        summary="Kaufman's adaptive average, as fast as an EMA of 2 in a straight move "
        "and as slow as one of 30 in noise.",
        example="kama(close, 10)",
        compute=lambda bars, source, length: averages.kama(source, length),
        warmup=lambda source, length: length,
        cost=6,
    ),
    _by_talib(
        name="zlema",
        outputs=("zlema",),
        summary="EMA of twice the value less the value (length - 1) // 2 bars ago; it "
        "overshoots at turns.",
        example="zlema(close, 20)",
        compute=lambda bars, source, length: averages.zlema(source, length),
        warmup=lambda source, length: (length - 1) // 2 + length - 1,
        cost=6,
    ),
    _average(
        name="linreg",
        arguments=(SOURCE, window(minimum=2), window("offset", 0, minimum=0)),
        outputs=("linreg",),
        summary="Value of the least-squares line through the window, offset bars "
        "before its end.",
        example="linreg(close, 50)",
        compute=lambda bars, source, length, offset: regression.linreg(
            source, length, offset
        ),
        warmup=lambda source, length, offset: length - 1,
        cost=6,
        source="talib",
    ),
    _average(
        name="vwap",
        arguments=(choice("anchor", CODES, "1d"),),
        outputs=("vwap",),
        summary="Volume-weighted average of hlc3 since the UTC period began; the first "
        "period of the data may be incomplete.",
        example='vwap("1d")',
        compute=lambda bars, anchor: anchored_vwap(
            typical_price(bars.high, bars.low, bars.close),
            bars.volume,
            bars.time,
            anchor,
        ),
        warmup=lambda anchor: 0,
        cost=12,
        source="numba",
        inputs=("high", "low", "close", "volume"),
    ),
)
