"""Blocks that do not agree with themselves, found and mended."""

from dataclasses import dataclass

from marketdata.encoding import decode_one
from marketdata.models import CandleBlock, Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import block_values, save_block, span_of, window_of


@dataclass(frozen=True, slots=True)
class Damage:
    """What was wrong with a block, and how many bars were lost with it."""

    number: int
    kind: str
    lost: int


# By the column that is wrong, the worst first.
DAMAGES = {
    "content_hash": "wrong hash",
    "bars": "wrong count",
    "first_ms": "wrong count",
    "last_ms": "wrong count",
    "gaps": "wrong count",
    "payload": "old encoding",
}


def repair_blocks(series: Series) -> list[Damage]:
    """Read every block of a locked series and mend what does not agree with itself.

    A block that nothing can read is removed, so that the rest can be read again. One
    whose hash or counts are wrong, or whose encoding is an old one, is written anew
    from its candles: those are what every backtest has seen.
    """
    damages = []
    # One at a time: rows are deleted on the way, and a series may not fit into memory.
    for number in list(
        series.blocks.order_by("number").values_list("number", flat=True)
    ):
        block = series.blocks.get(number=number)
        candles = _readable(block, series)
        if candles is None:
            damages.append(Damage(block.number, "unreadable", block.bars))
            block.delete()
            continue
        values = block_values(series, candles)
        wrong = [
            name for name, value in values.items() if getattr(block, name) != value
        ]
        if wrong:
            kind = next(what for name, what in DAMAGES.items() if name in wrong)
            damages.append(Damage(block.number, kind, 0))
            save_block(series, block.number, candles, exists=True)
    return damages


def _readable(block: CandleBlock, series: Series) -> Ohlcv | None:
    """Return the candles of a block, None when they are none of its window."""
    try:
        candles = decode_one(bytes(block.payload))
    except (ValueError, OSError):
        return None
    begin, end = window_of(block.number, span_of(series))
    off_grid = (candles.time - series.step.origin_ms) % series.step.ms
    inside = len(candles) and begin <= candles.time[0] and candles.time[-1] < end
    return candles if inside and not off_grid.any() else None
