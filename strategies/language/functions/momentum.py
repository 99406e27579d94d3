"""Momentum and oscillators."""

from functools import partial

from strategies.indicators import momentum, oscillators
from strategies.language.functions.declaring import SOURCE, STRETCH, choice, window
from strategies.language.functions.registry import Function, Kind

_momentum = partial(
    Function,
    group="momentum",
    returns=Kind.SERIES,
    source="talib",
    cost_per_stretch=STRETCH,
)

FUNCTIONS = (
    _momentum(
        name="rsi",
        arguments=(SOURCE, window(default=14, minimum=2)),
        outputs=("rsi",),
        summary="Wilder's relative strength index, 0 to 100; values that never change "
        "give 0, not 50.",
        example="rsi(close, 14)",
        compute=lambda bars, source, length: momentum.rsi(source, length),
        warmup=lambda source, length: length,
        cost=12,
    ),
    _momentum(
        name="stoch",
        arguments=(window("k", 14), window("smooth", 3), window("d", 3)),
        outputs=("k", "d"),
        summary="Stochastic oscillator, 0 to 100: %K smoothed by an SMA, and its "
        "average %D; Pine's stoch is the raw %K (smooth 1).",
        example="k, d = stoch(14, 3, 3)",
        compute=lambda bars, k, smooth, d: momentum.stoch(
            bars.high, bars.low, bars.close, k, smooth, d
        ),
        warmup=lambda k, smooth, d: k + smooth + d - 3,
        cost=70,
        inputs=("high", "low", "close"),
    ),
    _momentum(
        name="stoch_rsi",
        arguments=(
            SOURCE,
            window("length", 14, minimum=2),
            window("k", 14),
            window("d", 3),
        ),
        outputs=("k", "d"),
        summary="Where the RSI stands in its own range, 0 to 100; %K is not smoothed, "
        "so that charts with smoothing 3 show what is %D here.",
        example="k, d = stoch_rsi(close, 14, 14, 3)",
        compute=lambda bars, source, length, k, d: momentum.stoch_rsi(
            source, length, k, d
        ),
        warmup=lambda source, length, k, d: length + k + d - 2,
        cost=100,
        cost_per_stretch=6 * STRETCH,
    ),
    _momentum(
        name="macd",
        arguments=(
            SOURCE,
            window("fast", 12, minimum=2),
            window("slow", 26, minimum=2),
            window("signal", 9),
        ),
        outputs=("macd", "signal", "histogram"),
        summary="EMA difference, its EMA, and their difference; the fast EMA starts "
        "with the slow one, so the first values differ from ema(fast) - ema(slow).",
        example="fast_slow, signal, histogram = macd(close, 12, 26, 9)",
        compute=lambda bars, source, fast, slow, signal: momentum.macd(
            source, fast, slow, signal
        ),
        warmup=lambda source, fast, slow, signal: max(fast, slow) + signal - 2,
        cost=6,
    ),
    _momentum(
        name="ppo",
        arguments=(
            SOURCE,
            window("fast", 12, minimum=2),
            window("slow", 26, minimum=2),
            choice("average", ("ema", "sma"), "ema"),
        ),
        outputs=("ppo",),
        summary="Difference of two averages in percent of the slow one; comparable "
        "between prices, unlike macd.",
        example="ppo(close, 12, 26)",
        compute=lambda bars, source, fast, slow, average: momentum.ppo(
            source, fast, slow, average
        ),
        warmup=lambda source, fast, slow, average: max(fast, slow) - 1,
        cost=12,
    ),
    _momentum(
        name="cci",
        arguments=(window(default=20, minimum=2, maximum=500),),
        outputs=("cci",),
        summary="Commodity channel index of hlc3; its time grows with the length.",
        example="cci(20)",
        compute=lambda bars, length: oscillators.cci(
            bars.high, bars.low, bars.close, length
        ),
        warmup=lambda length: length - 1,
        cost=20,
        cost_per_length=2.2,
        inputs=("high", "low", "close"),
    ),
    _momentum(
        name="mfi",
        arguments=(window(default=14, minimum=2),),
        outputs=("mfi",),
        summary="Money flow index of hlc3, 0 to 100: an RSI weighted by volume; 0 "
        "without volume.",
        example="mfi(14)",
        compute=lambda bars, length: oscillators.mfi(
            bars.high, bars.low, bars.close, bars.volume, length
        ),
        warmup=lambda length: length,
        cost=22,
        inputs=("high", "low", "close", "volume"),
    ),
    _momentum(
        name="cmo",
        arguments=(SOURCE, window(default=14, minimum=2)),
        outputs=("cmo",),
        summary="Chande's oscillator, -100 to 100, with Wilder's smoothing; Pine's has "
        "plain sums.",
        example="cmo(close, 14)",
        compute=lambda bars, source, length: momentum.cmo(source, length),
        warmup=lambda source, length: length,
        cost=12,
    ),
    _momentum(
        name="roc",
        arguments=(SOURCE, window(default=10)),
        outputs=("roc",),
        summary="Change over length bars in percent; 0 where the base is 0.",
        example="roc(close, 10)",
        compute=lambda bars, source, length: momentum.roc(source, length),
        warmup=lambda source, length: length,
        cost=3,
    ),
    _momentum(
        name="mom",
        arguments=(SOURCE, window(default=10)),
        outputs=("mom",),
        summary="Change over length bars in the units of the source.",
        example="mom(close, 10)",
        compute=lambda bars, source, length: momentum.mom(source, length),
        warmup=lambda source, length: length,
        cost=2,
    ),
    _momentum(
        name="wpr",
        arguments=(window(default=14, minimum=2),),
        outputs=("wpr",),
        summary="Williams' percent range, -100 to 0: stoch turned upside down.",
        example="wpr(14)",
        compute=lambda bars, length: oscillators.wpr(
            bars.high, bars.low, bars.close, length
        ),
        warmup=lambda length: length - 1,
        cost=10,
        inputs=("high", "low", "close"),
    ),
    _momentum(
        name="ao",
        arguments=(window("fast", 5, minimum=2), window("slow", 34, minimum=2)),
        outputs=("ao",),
        summary="Awesome oscillator: SMA(5) less SMA(34) of hl2.",
        example="ao()",
        compute=lambda bars, fast, slow: oscillators.ao(
            bars.high, bars.low, fast, slow
        ),
        warmup=lambda fast, slow: max(fast, slow) - 1,
        cost=6,
        inputs=("high", "low"),
    ),
    _momentum(
        name="trix",
        arguments=(SOURCE, window(default=18)),
        outputs=("trix",),
        summary="Change of the triple EMA in percent; Pine's is in hundredths of a "
        "percent.",
        example="trix(close, 18)",
        compute=lambda bars, source, length: momentum.trix(source, length),
        warmup=lambda source, length: 3 * (length - 1) + 1,
        cost=6,
    ),
    _momentum(
        name="ultosc",
        arguments=(window("short", 7), window("middle", 14), window("long", 28)),
        outputs=("ultosc",),
        summary="Ultimate oscillator, 0 to 100: buying pressure over three lengths.",
        example="ultosc(7, 14, 28)",
        compute=lambda bars, short, middle, long: oscillators.ultosc(
            bars.high, bars.low, bars.close, short, middle, long
        ),
        warmup=lambda short, middle, long: max(short, middle, long),
        cost=14,
        inputs=("high", "low", "close"),
    ),
    _momentum(
        name="tsi",
        arguments=(
            SOURCE,
            window("short", 13, minimum=2),
            window("long", 25, minimum=2),
        ),
        outputs=("tsi",),
        summary="True strength index, -100 to 100; Pine's goes from -1 to 1.",
        example="tsi(close, 13, 25)",
        compute=lambda bars, source, short, long: momentum.tsi(source, short, long),
        warmup=lambda source, short, long: long + short - 1,
        cost=6,
    ),
)
