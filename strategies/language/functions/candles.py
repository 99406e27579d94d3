"""Heikin-Ashi candles."""

from functools import partial

from strategies.indicators.candles import Candles, heikin_ashi
from strategies.language.functions.registry import Bars, Function, Kind

_candle = partial(
    Function,
    group="candles",
    arguments=(),
    returns=Kind.SERIES,
    warmup=lambda: 0,
    cost=7,
    source="talib",
    inputs=("open", "high", "low", "close"),
)


def _averaged(bars: Bars) -> Candles:
    return heikin_ashi(bars.open, bars.high, bars.low, bars.close)


FUNCTIONS = (
    _candle(
        name="ha_open",
        outputs=("ha_open",),
        summary="Heikin-Ashi open: the middle of the averaged bar before; not a price "
        "that could be traded.",
        example="ha_open()",
        compute=lambda bars: _averaged(bars).open,
    ),
    _candle(
        name="ha_high",
        outputs=("ha_high",),
        summary="Heikin-Ashi high, the real high included.",
        example="ha_high()",
        compute=lambda bars: _averaged(bars).high,
    ),
    _candle(
        name="ha_low",
        outputs=("ha_low",),
        summary="Heikin-Ashi low, the real low included.",
        example="ha_low()",
        compute=lambda bars: _averaged(bars).low,
    ),
    _candle(
        name="ha_close",
        outputs=("ha_close",),
        summary="Heikin-Ashi close: the mean of the bar's four prices; not a price "
        "that could be traded.",
        example="ha_close()",
        compute=lambda bars: _averaged(bars).close,
    ),
)
