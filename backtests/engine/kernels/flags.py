"""One byte a bar: what was decided at its close, and whether it can be traded."""

import math

import numpy as np
from numpy.typing import NDArray

from backtests.engine.kernels.compiling import inlined, kernel
from backtests.engine.kernels.types import (
    DEFERRED,
    ENTER_LONG,
    ENTER_SHORT,
    EVERY_BYTE,
    EXIT_LONG,
    EXIT_SHORT,
    UNTRADABLE,
)

type Column = NDArray[np.float64]
type Words = NDArray[np.uint64]

# How far low and high may cut into open and close: the rounding of a data source.
TOLERANCE = 1e-12
CONFLICT_IGNORE, CONFLICT_EXIT, CONFLICT_ENTRY = range(3)
NO_BYTE = np.uint64(0)
UNTRADABLE_BIT = np.uint64(4)


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
    decisions: tuple[Words, Words, Words, Words],
    allow_long: bool,
    allow_short: bool,
    on_conflict: int,
    flags: Words,
) -> int:
    """Add the decisions to ``flags``, conflicts resolved; return how many bars enter.

    ``decisions`` are enter long, exit long, enter short, exit short. All arrays hold
    one byte a bar, eight bars in a word; a decision's byte is 0 or 1. The rules are
    those of engine.md section 6: opposite entries of one bar cancel each other, then an
    entry meets the exit of its own side.
    """
    enter_long, exit_long, enter_short, exit_short = decisions
    longs = EVERY_BYTE if allow_long else NO_BYTE
    shorts = EVERY_BYTE if allow_short else NO_BYTE
    drop_entry = NO_BYTE if on_conflict == CONFLICT_ENTRY else EVERY_BYTE
    drop_exit = NO_BYTE if on_conflict == CONFLICT_EXIT else EVERY_BYTE
    entries = np.uint64(0)
    for i in range(len(flags)):
        el, es = enter_long[i] & longs, enter_short[i] & shorts
        opposed = el & es
        el, es = el ^ opposed, es ^ opposed
        xl, xs = exit_long[i], exit_short[i]
        both_long, both_short = el & xl, es & xs
        el, xl = el ^ (both_long & drop_entry), xl ^ (both_long & drop_exit)
        es, xs = es ^ (both_short & drop_entry), xs ^ (both_short & drop_exit)
        tradable = ((flags[i] >> UNTRADABLE_BIT) & EVERY_BYTE) ^ EVERY_BYTE
        el, xl, es, xs = el & tradable, xl & tradable, es & tradable, xs & tradable
        bits = el * np.uint64(ENTER_LONG) | xl * np.uint64(EXIT_LONG)
        bits |= es * np.uint64(ENTER_SHORT) | xs * np.uint64(EXIT_SHORT)
        flags[i] |= bits
        # Multiplying by EVERY_BYTE adds the eight bytes up in the highest one.
        entries += ((el | es) * EVERY_BYTE) >> np.uint64(56)
    return int(entries)
