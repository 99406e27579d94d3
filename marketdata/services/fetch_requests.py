"""Which candles of a provider are asked for, and whether it can have them."""

from dataclasses import dataclass, replace
from datetime import datetime

from botforge.errors import InvalidInput, NotAvailable
from marketdata.models import Series
from marketdata.providers.base import Provider, Window
from marketdata.providers.registry import load_provider
from marketdata.services.placing import Place
from marketdata.services.target import Target
from marketdata.storage import milliseconds, moment_of, read_candles
from marketdata.timeframes import Timeframe

# Revisions reach back this far: the last bar stored may have been an early version.
OVERLAP_BARS = 2


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What a user asks for; ``end`` None is this moment."""

    source: str
    symbol: str
    timeframe: str
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """A request that has a meaning: which provider, which series, which bars.

    ``continues`` says that the series has candles already.
    """

    provider: Provider
    target: Target
    window: Window
    continues: bool = False


def fetch_resolve(*, request: FetchRequest, now: datetime) -> Fetch:
    """Check a request without asking the provider.

    Raises ``InvalidInput`` for names that are none, and ``NotAvailable`` with the code
    ``range_not_available`` for a window that the provider cannot have.
    """
    provider = load_provider(request.source)
    target = Target.of(provider.source, request.symbol, request.timeframe)
    series = Place(target).existing()
    continues = series is not None and series.bars > 0
    if series is not None and continues:
        target = target.anchored(series.anchor_ms)
    timeframe = target.timeframe
    if timeframe.code not in provider.timeframes:
        raise InvalidInput.field(
            "timeframe",
            "unknown_timeframe",
            f"{provider.name} has no {timeframe} candles; "
            f"it has {', '.join(provider.timeframes)}.",
        )
    now_ms = milliseconds(now)
    start_ms = timeframe.ceil(milliseconds(request.start))
    end_ms = milliseconds(request.end) if request.end is not None else now_ms
    if end_ms <= milliseconds(request.start):
        raise InvalidInput.field("end", "invalid", "The end must be after the start.")
    # Nothing later can be over.
    end_ms = min(end_ms, timeframe.floor(now_ms))
    _check_range(provider, timeframe, start_ms, end_ms, now_ms)
    window = Window(target.symbol, timeframe, start_ms, end_ms)
    return Fetch(provider, target, window, continues)


def fetch_resume(*, fetch: Fetch) -> tuple[Fetch, bool]:
    """Return the fetch from the last stored bars on, and whether there are any."""
    series = Place(fetch.target).existing()
    window = fetch.window
    if series is None:
        return fetch, False
    last_ms = _last_stored(series, window)
    if last_ms is None:
        return fetch, False
    again = last_ms - (OVERLAP_BARS - 1) * window.timeframe.ms
    start_ms = max(window.start_ms, again)
    return replace(fetch, window=replace(window, start_ms=start_ms)), True


def fetch_again(*, fetch: Fetch, now: datetime) -> Fetch | None:
    """Return the fetch of the whole series up to the same end; None where the provider
    cannot have its first candles any more.
    """
    series = Place(fetch.target).existing()
    if series is None or series.first is None or series.last is None:
        return None
    timeframe = fetch.window.timeframe
    start_ms = milliseconds(series.first)
    if start_ms < fetch.provider.earliest_ms(timeframe, milliseconds(now)):
        return None
    end_ms = max(fetch.window.end_ms, milliseconds(series.last) + timeframe.ms)
    return replace(
        fetch, window=replace(fetch.window, start_ms=start_ms, end_ms=end_ms)
    )


def _last_stored(series: Series, window: Window) -> int | None:
    """Return the open of the last bar stored in the window; None without one."""
    blocks = series.blocks.filter(first_ms__lt=window.end_ms).order_by("-number")
    block_ms = blocks.values_list("first_ms", flat=True).first()
    if block_ms is None:
        return None
    start_ms = max(block_ms, window.start_ms)
    stored = read_candles(series, start_ms, max(start_ms, window.end_ms))
    return int(stored.time[-1]) if len(stored) else None


def _check_range(
    provider: Provider, timeframe: Timeframe, start_ms: int, end_ms: int, now_ms: int
) -> None:
    earliest_ms = provider.earliest_ms(timeframe, now_ms)
    if start_ms < earliest_ms:
        raise NotAvailable(
            f"{provider.name} has {timeframe} candles from "
            f"{moment_of(earliest_ms):%Y-%m-%dT%H:%M:%SZ} on: start there or later.",
            code="range_not_available",
        )
    if start_ms >= end_ms:
        raise NotAvailable(
            f"There is no {timeframe} candle in this window that is over: the last one "
            f"that is opened at "
            f"{moment_of(timeframe.floor(now_ms) - timeframe.ms):%Y-%m-%dT%H:%M:%SZ}.",
            code="range_not_available",
        )
