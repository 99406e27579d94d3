"""Volatility and channels."""

from functools import partial

from strategies.indicators import bands, volatility
from strategies.language.functions.declaring import SOURCE, STRETCH, number, window
from strategies.language.functions.registry import Function, Kind

_volatility = partial(
    Function,
    group="volatility",
    returns=Kind.SERIES,
    source="talib",
    cost_per_stretch=STRETCH,
)
_of_candles = partial(_volatility, inputs=("high", "low", "close"))

_BANDS = ("upper", "middle", "lower")
_MULTIPLIER = number("mult", 2, 0, 100)

FUNCTIONS = (
    _of_candles(
        name="tr",
        arguments=(),
        outputs=("tr",),
        summary="True range: the bar's range widened to the close before; undefined on "
        "the first bar, where Pine has high - low.",
        example="tr()",
        compute=lambda bars: volatility.true_range(bars.high, bars.low, bars.close),
        warmup=lambda: 1,
        cost=4,
    ),
    _of_candles(
        name="atr",
        arguments=(window(default=14),),
        outputs=("atr",),
        summary="Wilder's average of the true range from the second bar on; Pine's "
        "starts one bar earlier and differs at the start.",
        example="atr(14)",
        compute=lambda bars, length: volatility.atr(
            bars.high, bars.low, bars.close, length
        ),
        warmup=lambda length: length,
        cost=5,
    ),
    _of_candles(
        name="natr",
        arguments=(window(default=14),),
        outputs=("natr",),
        summary="Average true range in percent of the close.",
        example="natr(14)",
        compute=lambda bars, length: volatility.natr(
            bars.high, bars.low, bars.close, length
        ),
        warmup=lambda length: length,
        cost=5,
    ),
    _volatility(
        name="stdev",
        arguments=(SOURCE, window(minimum=2)),
        outputs=("stdev",),
        summary="Standard deviation divided by n, as in Pine; a spreadsheet's STDEV "
        "divides by n - 1.",
        example="stdev(close, 20)",
        compute=lambda bars, source, length: volatility.stdev(source, length),
        warmup=lambda source, length: length - 1,
        cost=7,
    ),
    _volatility(
        name="variance",
        arguments=(SOURCE, window(minimum=2)),
        outputs=("variance",),
        summary="Variance divided by n, not n - 1.",
        example="variance(close, 20)",
        compute=lambda bars, source, length: volatility.variance(source, length),
        warmup=lambda source, length: length - 1,
        cost=6,
    ),
    _volatility(
        name="bb",
        arguments=(SOURCE, window(default=20, minimum=2), _MULTIPLIER),
        outputs=_BANDS,
        summary="Bollinger bands: upper, middle, lower; Pine gives the middle first.",
        example="upper, middle, lower = bb(close, 20, 2)",
        compute=lambda bars, source, length, mult: bands.bollinger(
            source, length, mult
        ),
        warmup=lambda source, length, mult: length - 1,
        cost_per_stretch=2 * STRETCH,
        cost=8,
    ),
    _volatility(
        name="bbw",
        arguments=(SOURCE, window(default=20, minimum=2), _MULTIPLIER),
        outputs=("bbw",),
        summary="Width of the Bollinger bands as a fraction of their middle, not in "
        "percent.",
        example="bbw(close, 20, 2)",
        compute=lambda bars, source, length, mult: bands.bollinger_width(
            source, length, mult
        ),
        warmup=lambda source, length, mult: length - 1,
        cost=18,
    ),
    _of_candles(
        name="kc",
        arguments=(
            window(default=20, minimum=2),
            _MULTIPLIER,
            window("atr_length", 10),
        ),
        outputs=_BANDS,
        summary="Keltner channel: EMA of hlc3 and ATR bands, upper, middle, lower; "
        "Pine gives the middle first and has one length for both.",
        example="upper, middle, lower = kc(20, 2, 10)",
        compute=lambda bars, length, mult, atr_length: bands.keltner(
            bars.high, bars.low, bars.close, length, mult, atr_length
        ),
        warmup=lambda length, mult, atr_length: max(length - 1, atr_length),
        cost=14,
    ),
    _volatility(
        name="donchian",
        arguments=(window(default=20),),
        outputs=_BANDS,
        summary="Highest high, middle and lowest low, the current bar included: a "
        "breakout compares with the channel one bar ago, upper[1].",
        example="upper, middle, lower = donchian(20)",
        compute=lambda bars, length: bands.donchian(bars.high, bars.low, length),
        warmup=lambda length: length - 1,
        cost=8,
        inputs=("high", "low"),
    ),
    _of_candles(
        name="chop",
        arguments=(window(default=14, minimum=2),),
        outputs=("chop",),
        summary="Choppiness index: near 100 the price goes nowhere, near 0 straight "
        "ahead; NaN where it does not move at all.",
        example="chop(14)",
        compute=lambda bars, length: volatility.choppiness(
            bars.high, bars.low, bars.close, length
        ),
        warmup=lambda length: length,
        cost=40,
    ),
)
