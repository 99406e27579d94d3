"""Reading market data: rows for lists, arrays for everything else."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from botforge.errors import InvalidInput, NotFound
from marketdata.models import Instrument, Series
from marketdata.ohlcv import Ohlcv
from marketdata.resampling import resample, thin
from marketdata.storage import EPOCH, count_candles, read_candles
from marketdata.timeframes import Timeframe

MAX_CANDLES = 20_000


def instrument_list() -> QuerySet[Instrument]:
    return Instrument.objects.all()


def series_list() -> QuerySet[Series]:
    return Series.objects.select_related("instrument").filter(bars__gt=0)


def series_find(*, source: str, symbol: str, timeframe: str) -> Series:
    """Return the series with these names; ``NotFound`` says what there is instead."""
    found = series_list().filter(
        instrument__source=source.lower(),
        instrument__symbol=symbol.upper(),
        timeframe=timeframe,
    )
    if (series := found.first()) is not None:
        return series
    others = series_list().filter(instrument__symbol=symbol.upper())
    near = ", ".join(str(other) for other in others[:5])
    hint = f"there is {near}" if near else "import it first, or list series/"
    raise NotFound(f"No candles of {symbol} {timeframe} from {source}: {hint}.")


def load_ohlcv(
    series: Series, start: datetime | None, end: datetime | None, warmup_bars: int = 0
) -> tuple[Ohlcv, int]:
    """Return the candles that open in [start, end), preceded by a warm-up.

    The second value is the number of warm-up candles in front: ``warmup_bars``, or
    fewer where the series begins later. Gaps do not shorten it.
    """
    start_ms, end_ms = _ms_or_none(start), _ms_or_none(end)
    if start_ms is None or warmup_bars <= 0:
        return read_candles(series, start_ms, end_ms), 0
    first_ms = _ms_or_none(series.first) or 0
    reach = warmup_bars * series.step.ms
    while True:
        candles = read_candles(series, start_ms - reach, end_ms)
        before = int(candles.time.searchsorted(start_ms))
        if before >= warmup_bars or start_ms - reach <= first_ms:
            break
        reach *= 2
    surplus = max(0, before - warmup_bars)
    return candles.slice(surplus, len(candles)), before - surplus


def count_bars(series: Series, start: datetime, end: datetime) -> int:
    """Return how many candles open in [start, end)."""
    start_ms, end_ms = _ms(start), _ms(end)
    return 0 if start_ms >= end_ms else count_candles(series, start_ms, end_ms)


def candle_window(
    series: Series,
    start: datetime | None,
    end: datetime | None,
    *,
    timeframe: str | None,
    points: int | None,
) -> Ohlcv:
    """Return candles to show: on a higher ``timeframe``, thinned to ``points``.

    Bars of a higher timeframe are whole, as if the whole series were resampled: those
    that open in [start, end), even where the last one ends after ``end``.
    Raises ``InvalidInput`` when the timeframe is not a multiple of the series' own,
    or when the answer would hold more than ``MAX_CANDLES`` bars.
    """
    target = Timeframe.parse(timeframe) if timeframe else series.step
    if target.ms % series.step.ms:
        raise InvalidInput.field(
            "timeframe",
            "not_a_multiple",
            f"{target} is not a multiple of the series' timeframe {series.step}.",
        )
    start_ms, end_ms = (
        None if side is None else target.ceil(_ms(side)) for side in (start, end)
    )
    candles = read_candles(series, start_ms, end_ms)
    if target != series.step:
        candles = resample(candles, target)
    if points is not None:
        return thin(candles, points)
    if len(candles) > MAX_CANDLES:
        raise InvalidInput.field(
            "points",
            "too_many_candles",
            f"The window holds {len(candles):,} candles and an answer at most "
            f"{MAX_CANDLES:,}: narrow start and end, raise the timeframe, or give "
            "points to thin them out.",
        )
    return candles


def _ms(moment: datetime) -> int:
    """Return milliseconds since the epoch, rounded up to a whole one."""
    # In whole numbers: a float of seconds is off by a fraction of a millisecond.
    return -((EPOCH - moment) // timedelta(milliseconds=1))


def _ms_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else _ms(moment)
