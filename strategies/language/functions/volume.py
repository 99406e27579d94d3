"""Volume."""

from functools import partial

from strategies.indicators import volume
from strategies.language.functions.declaring import window
from strategies.language.functions.registry import Function, Kind

_volume = partial(Function, group="volume", returns=Kind.SERIES, source="talib")

FUNCTIONS = (
    _volume(
        name="obv",
        arguments=(),
        outputs=("obv",),
        summary="On-balance volume; its level depends on where the data begins, so use "
        "its changes.",
        example="obv()",
        compute=lambda bars: volume.obv(bars.close, bars.volume),
        warmup=lambda: 0,
        cost=5,
        inputs=("close", "volume"),
    ),
    _volume(
        name="ad",
        arguments=(),
        outputs=("ad",),
        summary="Accumulation and distribution line; its level depends on where the "
        "data begins.",
        example="ad()",
        compute=lambda bars: volume.ad(bars.high, bars.low, bars.close, bars.volume),
        warmup=lambda: 0,
        cost=6,
        inputs=("high", "low", "close", "volume"),
    ),
    _volume(
        name="cmf",
        arguments=(window(default=20, minimum=2),),
        outputs=("cmf",),
        summary="Chaikin's money flow, -1 to 1; 0 without volume.",
        example="cmf(20)",
        compute=lambda bars, length: volume.cmf(
            bars.high, bars.low, bars.close, bars.volume, length
        ),
        warmup=lambda length: length - 1,
        cost=10,
        inputs=("high", "low", "close", "volume"),
    ),
    _volume(
        name="pvt",
        arguments=(),
        outputs=("pvt",),
        summary="Price-volume trend, from 0 on the first bar.",
        example="pvt()",
        compute=lambda bars: volume.pvt(bars.close, bars.volume),
        warmup=lambda: 0,
        cost=4,
        inputs=("close", "volume"),
    ),
    _volume(
        name="force_index",
        arguments=(window(default=13),),
        outputs=("force_index",),
        summary="Elder's force index: EMA of change times volume.",
        example="force_index(13)",
        compute=lambda bars, length: volume.force_index(
            bars.close, bars.volume, length
        ),
        warmup=lambda length: length,
        cost=5,
        inputs=("close", "volume"),
    ),
    _volume(
        name="eom",
        arguments=(window(default=14),),
        outputs=("eom",),
        summary="Ease of movement times 10,000; a bar without volume counts as 0, "
        "where Pine has none.",
        example="eom(14)",
        compute=lambda bars, length: volume.ease_of_movement(
            bars.high, bars.low, bars.volume, length
        ),
        warmup=lambda length: length,
        cost=20,
        inputs=("high", "low", "volume"),
    ),
)
