"""Trend."""

from functools import partial

from strategies.indicators import trend
from strategies.language.functions.declaring import number, window
from strategies.language.functions.registry import Function, Kind

_trend = partial(
    Function,
    group="trend",
    returns=Kind.SERIES,
    source="talib",
    inputs=("high", "low", "close"),
)

FUNCTIONS = (
    _trend(
        name="supertrend",
        arguments=(number("factor", 3, 0.01, 100), window(default=10, minimum=2)),
        outputs=("line", "direction"),
        summary="ATR trailing line and direction: 1 is up, -1 down; Pine has it the "
        "other way round.",
        example="level, direction = supertrend(3, 10)",
        compute=lambda bars, factor, length: trend.supertrend(
            bars.high, bars.low, bars.close, factor, length
        ),
        warmup=lambda factor, length: length,
        cost=20,
    ),
    _trend(
        name="sar",
        arguments=(
            number("start", 0.02, 0, 1),
            number("increment", 0.02, 0, 1),
            number("maximum", 0.2, 0, 1),
        ),
        outputs=("sar",),
        summary="Wilder's parabolic stop and reverse: below the price in an up-trend, "
        "above it in a down-trend.",
        example="sar(0.02, 0.02, 0.2)",
        compute=lambda bars, start, increment, maximum: trend.sar(
            bars.high, bars.low, start, increment, maximum
        ),
        warmup=lambda start, increment, maximum: 1,
        cost=14,
        inputs=("high", "low"),
    ),
    _trend(
        name="dmi",
        arguments=(window(default=14, minimum=2),),
        outputs=("plus", "minus"),
        summary="Directional indicators +DI and -DI, 0 to 100; Pine's dmi adds the ADX "
        "as a third, here it is adx.",
        example="plus, minus = dmi(14)",
        compute=lambda bars, length: trend.dmi(bars.high, bars.low, bars.close, length),
        warmup=lambda length: length,
        cost=45,
    ),
    _trend(
        name="adx",
        arguments=(window(default=14, minimum=2),),
        outputs=("adx",),
        summary="Strength of the trend, 0 to 100, not its direction; slow, it needs "
        "twice its length.",
        example="adx(14)",
        compute=lambda bars, length: trend.adx(bars.high, bars.low, bars.close, length),
        warmup=lambda length: 2 * length - 1,
        cost=22,
    ),
    _trend(
        name="aroon",
        arguments=(window(default=14),),
        outputs=("up", "down"),
        summary="How fresh the highest high and the lowest low of the last length + 1 "
        "bars are: 100 for now; up comes first.",
        example="up, down = aroon(14)",
        compute=lambda bars, length: trend.aroon(bars.high, bars.low, length),
        warmup=lambda length: length,
        cost=70,
        source="numba",
        inputs=("high", "low"),
    ),
    _trend(
        name="ichimoku",
        arguments=(
            window("conversion", 9),
            window("base", 26),
            window("span", 52),
            window("displacement", 26, minimum=0),
        ),
        outputs=("conversion", "base", "span_a", "span_b"),
        summary="Conversion and base line, and the cloud as drawn over this bar, from "
        "displacement bars ago; the lagging line shows the future and is left out.",
        example="conversion, base, span_a, span_b = ichimoku(9, 26, 52, 26)",
        compute=lambda bars, conversion, base, span, displacement: trend.ichimoku(
            bars.high, bars.low, (conversion, base, span), displacement
        ),
        warmup=lambda conversion, base, span, displacement: (
            max(conversion, base, span) - 1 + displacement
        ),
        cost=45,
        inputs=("high", "low"),
    ),
)
