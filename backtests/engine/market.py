"""The inputs of a run, checked and laid out for the kernels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backtests.engine.config import CHOICES, ExecutionConfig
from backtests.engine.kernels.flags import classify_bars, pack_decisions
from backtests.engine.kernels.types import FUNDING, UNTRADABLE, Market
from backtests.engine.records import FUNDING_DTYPE
from botforge.errors import FieldError, InvalidInput
from marketdata.ohlcv import Ohlcv
from strategies.base import Signals


@dataclass(frozen=True, slots=True, eq=False)
class Funding:
    """Funding events of one perpetual contract, in time order.

    ``time`` is int64 ms UTC, ``rate`` the fraction of the position's value that longs
    pay to shorts (negative: shorts pay), ``mark`` the price at which the position is
    valued; None or NaN means the open (event at a bar's open) or close of the bar.
    """

    time: NDArray[np.int64]
    rate: NDArray[np.float64]
    mark: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        lengths = {len(self.time), len(self.rate)}
        if self.mark is not None:
            lengths.add(len(self.mark))
        if len(lengths) != 1:
            raise ValueError("funding needs one rate, and one mark if any, per time")
        if (np.diff(self.time) < 0).any():
            raise ValueError("funding events must be in time order")

    def records(self) -> NDArray[Any]:
        events = np.empty(len(self.time), FUNDING_DTYPE)
        events["time"] = self.time
        events["rate"] = self.rate
        events["mark"] = np.nan if self.mark is None else self.mark
        return events


@dataclass(frozen=True, slots=True, eq=False)
class Asset:
    """One instrument of a run: its candles, and what to do with them.

    ``rank`` (one value per bar, read at the signal bar) decides who enters first when
    ``max_positions`` leaves too few places: higher first, then the order given.
    """

    ohlcv: Ohlcv
    signals: Signals
    funding: Funding | None = None
    rank: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        bars = len(self.ohlcv)
        if len(self.signals) != bars:
            raise ValueError(f"signals have {len(self.signals)} values for {bars} bars")
        if self.rank is not None and len(self.rank) != bars:
            raise ValueError(f"rank has {len(self.rank)} values for {bars} bars")


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A market ready to run, and how many fills it can cause at most."""

    market: Market
    entries: int


def frozen(values: ArrayLike, dtype: Any) -> NDArray[Any]:
    """Return a contiguous read-only view: the one array type that kernels know."""
    array = np.ascontiguousarray(values, dtype=dtype).view()
    array.flags.writeable = False
    return array


_NO_EVENTS = np.empty(0, FUNDING_DTYPE)


def prepare(assets: Sequence[Asset], config: ExecutionConfig) -> Prepared:
    """Check the candles and lay the assets out on the union of their open times.

    Raises ``InvalidInput`` for a candle that cannot be traded on (engine.md section 2)
    and for a size mode that needs a stop when there is none.
    """
    require_stops([asset.signals for asset in assets], config)
    time = _union([asset.ohlcv.time for asset in assets])
    words = np.zeros((len(assets), -(-len(time) // 8)), np.uint64)
    flags = words.view(np.uint8)
    entries = 0
    for row, asset in zip(flags, assets, strict=True):
        entries += _flag_asset(asset, config, time, row)
    events = [a.funding.records() if a.funding else _NO_EVENTS for a in assets]
    market = Market(
        time=time,
        open=_prices(assets, time, "open"),
        high=_prices(assets, time, "high"),
        low=_prices(assets, time, "low"),
        close=_prices(assets, time, "close"),
        size=_optional([a.signals.size for a in assets], assets, time),
        stop=_optional([a.signals.stop_loss for a in assets], assets, time),
        target=_optional([a.signals.take_profit for a in assets], assets, time),
        trail=_optional([a.signals.trailing_stop for a in assets], assets, time),
        rank=_optional([a.rank for a in assets], assets, time),
        flags=frozen(flags, np.uint8),
        words=frozen(words, np.uint64),
        funding=frozen(np.concatenate(events), FUNDING_DTYPE),
        first_funding=frozen(np.cumsum([0, *map(len, events)]), np.int64),
    )
    return Prepared(market, entries)


NO_STOP = FieldError(
    "/execution/size_mode",
    "impossible",
    "Field size_mode: risk_fraction sizes by the distance to the stop; set"
    " stop_loss, or give the signals a stop_loss distance.",
)


def needs_stops(config: ExecutionConfig) -> bool:
    """Say whether the run is sized by stops that only the signals can bring."""
    return config.size_mode == "risk_fraction" and config.stop_loss is None


def require_stops(signals: Sequence[Signals], config: ExecutionConfig) -> None:
    """Raise ``InvalidInput`` for sizing by risk when nothing says what is risked."""
    if needs_stops(config) and any(each.stop_loss is None for each in signals):
        raise InvalidInput(NO_STOP)


def _union(times: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    if len(times) == 1:
        return times[0]
    return frozen(np.unique(np.concatenate(times)), np.int64)


def _flag_asset(
    asset: Asset,
    config: ExecutionConfig,
    time: NDArray[np.int64],
    row: NDArray[np.uint8],
) -> int:
    """Fill one row of flags; return how many bars ask for an entry."""
    ohlcv = asset.ohlcv
    bars, whole = len(ohlcv), len(ohlcv) == len(time)
    own = row if whole else _bytes(np.zeros(bars, np.bool_)).view(np.uint8)
    columns = (ohlcv.open, ohlcv.high, ohlcv.low, ohlcv.close, ohlcv.volume)
    skip, defer = config.on_bad_bar == "skip", config.zero_volume == "defer"
    bad = classify_bars(columns, skip, defer, own[:bars])
    if bad >= 0:
        raise InvalidInput(_bad_bar(ohlcv, bad))
    entries = decide(asset.signals, config, own.view(np.uint64))
    if not whole:
        row[: len(time)] = UNTRADABLE
        row[np.searchsorted(time, ohlcv.time)] = own[:bars]
    if asset.funding is not None:
        _flag_funding(asset.funding, time, row)
    return entries


def decide(signals: Signals, config: ExecutionConfig, words: NDArray[np.uint64]) -> int:
    """Add the decisions of ``signals`` to flags; return how many bars ask to enter."""
    decisions = (
        _bytes(signals.enter_long),
        _bytes(signals.exit_long),
        _bytes(signals.enter_short),
        _bytes(signals.exit_short),
    )
    conflict = CHOICES["on_conflict"].index(config.on_conflict)
    return pack_decisions(
        decisions, config.allow_long, config.allow_short, conflict, words
    )


def _bytes(decision: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return one byte a bar, 0 or 1, as words of eight, filled up with 0."""
    words = np.zeros(-(-len(decision) // 8), np.uint64)
    words.view(np.bool_)[: len(decision)] = decision
    return words


def _flag_funding(
    funding: Funding, time: NDArray[np.int64], row: NDArray[np.uint8]
) -> None:
    """Mark the bar in which each event falls, and the next, which may inherit it."""
    bars = np.searchsorted(time, funding.time, side="right") - 1
    for shifted in (bars, bars + 1):
        row[shifted[(shifted >= 0) & (shifted < len(time))]] |= FUNDING


def _bad_bar(ohlcv: Ohlcv, bar: int) -> FieldError:
    when = datetime.fromtimestamp(int(ohlcv.time[bar]) / 1000, UTC).isoformat()
    values = ", ".join(
        f"{name} {getattr(ohlcv, name)[bar]:g}"
        for name in ("open", "high", "low", "close", "volume")
    )
    detail = (
        f"Bar {bar} ({when}) is not a candle: {values}. Prices must be positive with"
        " low <= open, close <= high, and volume not negative; repair the series, or"
        ' set on_bad_bar to "skip" for bars with missing prices.'
    )
    return FieldError("/series", "bad_bar", detail)


def _aligned(
    values: NDArray[np.float64], ohlcv: Ohlcv, time: NDArray[np.int64]
) -> NDArray[np.float64]:
    out = np.full(len(time), np.nan)
    out[np.searchsorted(time, ohlcv.time)] = values
    return out


def _prices(
    assets: Sequence[Asset], time: NDArray[np.int64], column: str
) -> NDArray[np.float64]:
    return _stacked([getattr(a.ohlcv, column) for a in assets], assets, time)


def _optional(
    arrays: Sequence[NDArray[np.float64] | None],
    assets: Sequence[Asset],
    time: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Stack optional per-bar arrays; no columns at all when no asset has one."""
    if all(array is None for array in arrays):
        return frozen(np.empty((len(assets), 0)), np.float64)
    given = [
        np.full(len(asset.ohlcv), np.nan) if array is None else array
        for array, asset in zip(arrays, assets, strict=True)
    ]
    return _stacked(given, assets, time)


def _stacked(
    arrays: Sequence[NDArray[np.float64]],
    assets: Sequence[Asset],
    time: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return a (K, n) array on ``time``; a single full column is not copied."""
    if len(arrays) == 1:
        return frozen(arrays[0], np.float64).reshape(1, -1)
    rows = [
        array if len(array) == len(time) else _aligned(array, asset.ohlcv, time)
        for array, asset in zip(arrays, assets, strict=True)
    ]
    return frozen(np.stack(rows), np.float64)
