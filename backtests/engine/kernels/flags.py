"""One byte a bar: what was decided at its close, and whether it can be traded."""

import math

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import inlined, kernel
from backtests.engine.kernels.types import (
    DEFERRED,
    ENTER_LONG,
    ENTER_SHORT,
    EXIT_LONG,
    EXIT_SHORT,
    UNTRADABLE,
)

type Column = NDArray[np.float64]
type Decision = NDArray[np.bool_]

# How far low and high may cut into open and close: the rounding of a data source.
TOLERANCE = 1e-12
CONFLICT_IGNORE, CONFLICT_EXIT, CONFLICT_ENTRY = range(3)


@inlined
def is_sane(o: float, h: float, l: float, c: float, v: float) -> bool:  # noqa: E741, PLR0913  one candle
    """Say whether a candle is finite, positive and ordered; NaN fails every test."""
    bottom, top = min(o, c), max(o, c)
    return (
        (l > 0.0)
        & (h < math.inf)
        & (o == o)
        & (c == c)
        & (l <= bottom * (1.0 + TOLERANCE))
        & (h >= top * (1.0 - TOLERANCE))
        & (not v < 0.0)
    )


@kernel
def classify_bars(
    columns: tuple[Column, Column, Column, Column, Column],
    skip_missing: bool,
    defer_zero_volume: bool,
    flags: NDArray[np.uint8],
) -> int:
    """Write the UNTRADABLE and DEFERRED bits; return the first bad bar, or -1.

    ``columns`` are open, high, low, close, volume. A bar with a missing price is bad
    unless ``skip_missing``; anything else that cannot be a candle is always bad.
    """
    opens, highs, lows, closes, volumes = columns
    insane = 0
    for i in range(len(opens)):
        insane += not is_sane(opens[i], highs[i], lows[i], closes[i], volumes[i])
    if insane:
        for i in range(len(opens)):
            o, h, l, c, v = opens[i], highs[i], lows[i], closes[i], volumes[i]  # noqa: E741
            if is_sane(o, h, l, c, v):
                continue
            missing = math.isnan(o) or math.isnan(h) or math.isnan(l) or math.isnan(c)
            if not (skip_missing and missing):
                return i
            flags[i] |= UNTRADABLE
    if defer_zero_volume:
        for i in range(len(opens)):
            if volumes[i] == 0.0 and not flags[i]:
                flags[i] |= DEFERRED
    return -1


@kernel
def pack_decisions(
    decisions: tuple[Decision, Decision, Decision, Decision],
    allow_long: bool,
    allow_short: bool,
    on_conflict: int,
    flags: NDArray[np.uint8],
) -> int:
    """Add the decisions to ``flags``, conflicts resolved; return how many bars enter.

    ``decisions`` are enter long, exit long, enter short, exit short. The rules are
    those of engine.md section 6: opposite entries of one bar cancel each other, then an
    entry meets the exit of its own side.
    """
    enter_long, exit_long, enter_short, exit_short = decisions
    keep_entry = np.uint8(on_conflict == CONFLICT_ENTRY)
    keep_exit = np.uint8(on_conflict == CONFLICT_EXIT)
    longs, shorts = np.uint8(allow_long), np.uint8(allow_short)
    entries = 0
    for i in range(len(flags)):
        el, xl = np.uint8(enter_long[i]) & longs, np.uint8(exit_long[i])
        es, xs = np.uint8(enter_short[i]) & shorts, np.uint8(exit_short[i])
        opposed = el & es
        el, es = el ^ opposed, es ^ opposed
        long_conflict, short_conflict = el & xl, es & xs
        el = el & ~(long_conflict & (1 - keep_entry))
        xl = xl & ~(long_conflict & (1 - keep_exit))
        es = es & ~(short_conflict & (1 - keep_entry))
        xs = xs & ~(short_conflict & (1 - keep_exit))
        bits = el * ENTER_LONG + xl * EXIT_LONG + es * ENTER_SHORT + xs * EXIT_SHORT
        bits = bits * np.uint8((flags[i] & UNTRADABLE) == 0)
        flags[i] |= np.uint8(bits)
        entries += (bits & (ENTER_LONG | ENTER_SHORT)) != 0
    return entries
