"""Prices adjusted for splits and dividends: how, and whether two sets agree."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from marketdata.cleaning import RawCandles
from marketdata.ohlcv import Ohlcv

# Bars at an edge that must agree, or not, with each other.
NEAR = 3


def with_dividends(raw: RawCandles) -> RawCandles:
    """Return prices adjusted for dividends as the adjusted close is.

    Each is multiplied by adjusted close / close, as Yahoo documents; the volume stays.
    """
    if raw.adjusted is None:
        raise ValueError("there is no adjusted close")
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = raw.adjusted / raw.close
        opened, high, low = (p * factor for p in (raw.open, raw.high, raw.low))
    # Rounding must not lift a price over the high that it was at.
    body = (opened, raw.adjusted)
    with np.errstate(invalid="ignore"):
        whole = raw.high >= np.maximum(raw.open, raw.close)
        high = np.where(whole, np.maximum(high, np.maximum(*body)), high)
        whole = raw.low <= np.minimum(raw.open, raw.close)
        low = np.where(whole, np.minimum(low, np.minimum(*body)), low)
    return replace(raw, open=opened, high=high, low=low, close=raw.adjusted)


def scale_beyond(
    stored: Ohlcv, incoming: Ohlcv, edges: tuple[bool, bool], limit: float
) -> float | None:
    """Return by how much incoming closes differ beside stored bars that would stay.

    ``edges`` says whether there are stored bars before the incoming ones, and after
    them; ``stored`` need only hold those between. None where the few bars in common
    next to a bar that stays agree up to ``limit``. Where they do not, one of the two
    was adjusted for a split or dividend that the other was not.
    """
    common, mine, theirs = np.intersect1d(
        stored.time, incoming.time, assume_unique=True, return_indices=True
    )
    if not len(common):
        return None
    ratio = incoming.close[theirs] / stored.close[mine]
    off = np.abs(ratio - 1) > limit
    staying = np.setdiff1d(stored.time, common, assume_unique=True)
    between = np.searchsorted(common, staying)
    before, after = _all_near(off, between)
    alone = (between == 0) | (between == len(common))
    first = edges[0] and _all_near(off, np.zeros(1, np.int64))[1].all()
    last = edges[1] and _all_near(off, np.full(1, len(off)))[0].all()
    if first or last or np.where(alone, before | after, before & after).any():
        return float(np.median(ratio[off]))
    return None


def _all_near(
    off: NDArray[np.bool_], position: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say whether all of the few values before each position are, and all after it.

    One that differs alone is a revision. Where there are none they are not.
    """
    counts = np.concatenate([[0], np.cumsum(off)])
    start = np.maximum(position - NEAR, 0)
    stop = np.minimum(position + NEAR, len(off))
    before = (counts[position] - counts[start] == position - start) & (position > start)
    after = (counts[stop] - counts[position] == stop - position) & (stop > position)
    return before, after
