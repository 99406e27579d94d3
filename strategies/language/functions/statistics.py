"""Statistics of the last values."""

from functools import partial

from strategies.indicators import extremes, ranks, statistics
from strategies.language.functions.declaring import (
    SOURCE,
    STRETCH,
    number,
    series,
    window,
)
from strategies.language.functions.registry import Function, Kind

_statistic = partial(Function, group="statistics", returns=Kind.SERIES)
_windowed = partial(_statistic, arguments=(SOURCE, window()), cost_per_stretch=STRETCH)
_by_talib = partial(_windowed, source="talib")
_by_numba = partial(_windowed, source="numba")

FUNCTIONS = (
    _by_talib(
        name="highest",
        outputs=("highest",),
        summary="Highest of the last length values, this bar included: a breakout "
        "compares with highest(high, length)[1].",
        example="highest(high, 20)[1]",
        compute=lambda bars, source, length: extremes.highest(source, length),
        warmup=lambda source, length: length - 1,
        cost=4,
    ),
    _by_talib(
        name="lowest",
        outputs=("lowest",),
        summary="Lowest of the last length values, this bar included: a breakdown "
        "compares with lowest(low, length)[1].",
        example="lowest(low, 20)[1]",
        compute=lambda bars, source, length: extremes.lowest(source, length),
        warmup=lambda source, length: length - 1,
        cost=4,
    ),
    _by_numba(
        name="highestbars",
        outputs=("highestbars",),
        summary="Bars since the highest of the last length values, 0 for this bar, the "
        "latest of equals; Pine counts them negative.",
        example="highestbars(high, 20)",
        compute=lambda bars, source, length: extremes.bars_since_highest(
            source, length
        ),
        warmup=lambda source, length: length - 1,
        cost=15,
    ),
    _by_numba(
        name="lowestbars",
        outputs=("lowestbars",),
        summary="Bars since the lowest of the last length values, 0 for this bar, the "
        "latest of equals; Pine counts them negative.",
        example="lowestbars(low, 20)",
        compute=lambda bars, source, length: extremes.bars_since_lowest(source, length),
        warmup=lambda source, length: length - 1,
        cost=16,
    ),
    _by_numba(
        name="median",
        outputs=("median",),
        summary="Median; of an even number the mean of the two in the middle.",
        example="median(close, 21)",
        compute=lambda bars, source, length: ranks.median(source, length),
        warmup=lambda source, length: length - 1,
        cost_per_stretch=2 * STRETCH,
        cost=130,
        cost_per_length=0.11,
    ),
    _by_numba(
        name="percentile",
        arguments=(SOURCE, window(), number("percentage", None, 0, 100)),
        outputs=("percentile",),
        summary="Nearest-rank percentile: always one of the values, never between two.",
        example="percentile(close, 100, 90)",
        compute=lambda bars, source, length, percentage: ranks.percentile(
            source, length, percentage
        ),
        warmup=lambda source, length, percentage: length - 1,
        cost_per_stretch=2 * STRETCH,
        cost=130,
        cost_per_length=0.11,
    ),
    _by_numba(
        name="percentrank",
        outputs=("percentrank",),
        summary="Percentage of the length values before this bar that are not above "
        "it, 0 to 100.",
        example="percentrank(close, 100)",
        compute=lambda bars, source, length: ranks.percentrank(source, length),
        warmup=lambda source, length: length,
        cost_per_stretch=2 * STRETCH,
        cost=180,
        cost_per_length=0.11,
    ),
    _by_talib(
        name="zscore",
        arguments=(SOURCE, window(minimum=2)),
        outputs=("zscore",),
        summary="Distance from the SMA in standard deviations (divided by n); NaN "
        "where the window is flat.",
        example="zscore(close, 50)",
        compute=lambda bars, source, length: statistics.zscore(source, length),
        warmup=lambda source, length: length - 1,
        cost_per_stretch=2 * STRETCH,
        cost=14,
    ),
    _by_talib(
        name="correlation",
        arguments=(SOURCE, series("other"), window(minimum=2)),
        outputs=("correlation",),
        summary="Pearson's correlation of the values, not of their changes; 0 where "
        "one is flat.",
        example="correlation(close, volume, 50)",
        compute=lambda bars, source, other, length: statistics.correlation(
            source, other, length
        ),
        warmup=lambda source, other, length: length - 1,
        cost=14,
    ),
    _by_talib(
        name="beta",
        arguments=(SOURCE, series("benchmark"), window(minimum=2)),
        outputs=("beta",),
        summary="Slope of the source's relative changes against the benchmark's; 0 "
        "where the benchmark is flat.",
        example="beta(close, hl2, 50)",
        compute=lambda bars, source, benchmark, length: statistics.beta(
            source, benchmark, length
        ),
        warmup=lambda source, benchmark, length: length,
        cost=15,
    ),
    _by_talib(
        name="sum",
        outputs=("sum",),
        summary="Sum of the last length values; cum is the one without a window.",
        example="sum(volume, 24)",
        compute=lambda bars, source, length: statistics.total(source, length),
        warmup=lambda source, length: length - 1,
        cost=3,
    ),
    _statistic(
        name="cum",
        arguments=(SOURCE,),
        outputs=("cum",),
        summary="Sum since the data began; undefined values add nothing.",
        example="cum(volume)",
        compute=lambda bars, source: statistics.running_total(source),
        warmup=lambda source: 0,
        cost=8,
        source="numpy",
    ),
)
