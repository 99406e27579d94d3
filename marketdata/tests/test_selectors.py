from datetime import UTC, datetime, timedelta
from functools import partial

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from accounts.tests.factories import user_create
from botforge.errors import InvalidInput, NotFound
from marketdata.models import Series
from marketdata.ohlcv import Ohlcv
from marketdata.resampling import resample
from marketdata.selectors import (
    MAX_CANDLES,
    CandleQuery,
    candle_window,
    count_bars,
    instrument_list,
    load_ohlcv,
    series_find,
    series_list,
)
from marketdata.storage import write_candles
from marketdata.tests.candles import (
    HOUR,
    START,
    candles,
    candles_at,
    same,
    series_create,
)
from marketdata.timeframes import Timeframe

pytestmark = pytest.mark.django_db
THREE_DAYS = 72 * HOUR
# Two stretches of bars around an outage of nine hours and one of three months.
HOURS = [*range(10), *range(19, 40), *range(2200, 2300)]
WHOLE = candles_at(START + HOUR * np.array(HOURS))


def at(hours: float) -> datetime:
    return datetime.fromtimestamp(START / 1000, UTC) + timedelta(hours=hours)


def window(
    series: Series,
    start: float | None = None,
    end: float | None = None,
    *,
    timeframe: str | None = None,
    points: int | None = None,
) -> Ohlcv:
    first = None if start is None else at(start)
    last = None if end is None else at(end)
    query = CandleQuery(first, last, timeframe, points)
    return candle_window(series, query).candles


def test_without_limits_the_whole_series_is_loaded() -> None:
    loaded, warmup = load_ohlcv(series_create(WHOLE), None, None, 50)

    assert same(loaded, WHOLE)
    assert warmup == 0


@pytest.mark.parametrize("warmup_bars", [0, 1, 9, 10, 11, 30, 31])
@pytest.mark.parametrize("start", [19, 20, 2200, 2210, 9999])
def test_gaps_do_not_shorten_the_warm_up(start: int, warmup_bars: int) -> None:
    before = sum(hour < start for hour in HOURS)
    expected = min(warmup_bars, before)

    loaded, warmup = load_ohlcv(series_create(WHOLE), at(start), None, warmup_bars)

    assert warmup == expected
    assert same(loaded, WHOLE.slice(before - expected, len(WHOLE)))


def test_a_warm_up_is_as_long_as_the_series_allows() -> None:
    loaded, warmup = load_ohlcv(series_create(WHOLE), at(5), at(8), 10**9)

    assert warmup == 5
    assert same(loaded, WHOLE.slice(0, 8))


def test_a_start_before_the_series_has_no_warm_up() -> None:
    loaded, warmup = load_ohlcv(series_create(WHOLE), at(-100), at(3), 20)

    assert (len(loaded), warmup) == (3, 0)


def test_a_negative_warm_up_is_none() -> None:
    loaded, warmup = load_ohlcv(series_create(WHOLE), at(5), at(8), -3)

    assert (len(loaded), warmup) == (3, 0)


def test_an_empty_series_loads_nothing() -> None:
    loaded, warmup = load_ohlcv(series_create(), at(0), at(10), 20)

    assert (len(loaded), warmup) == (0, 0)


@pytest.mark.parametrize(
    ("microseconds", "bars"), [(-1, 3), (0, 3), (1, 2), (999, 2), (1000, 2)]
)
def test_a_bar_that_opened_before_start_is_not_loaded(
    microseconds: int, bars: int
) -> None:
    start = at(0) + timedelta(microseconds=microseconds)

    loaded, _ = load_ohlcv(series_create(candles(3)), start, None)

    assert len(loaded) == bars


@pytest.mark.parametrize(
    ("microseconds", "bars"), [(-1, 2), (0, 2), (1, 3), (999, 3), (1000, 3)]
)
def test_a_bar_that_opens_at_end_is_not_loaded(microseconds: int, bars: int) -> None:
    end = at(2) + timedelta(microseconds=microseconds)

    loaded, _ = load_ohlcv(series_create(candles(3)), None, end)

    assert len(loaded) == bars


def test_the_ends_of_the_calendar_are_moments_like_any_other() -> None:
    first = datetime.min.replace(tzinfo=UTC)
    last = datetime.max.replace(tzinfo=UTC)

    assert len(load_ohlcv(series_create(WHOLE), first, last, 100)[0]) == len(WHOLE)


@pytest.mark.parametrize(
    ("start", "end"), [(0, 5), (5, 20), (19, 9999), (3, 3), (9, 1)]
)
def test_a_count_is_the_number_of_bars_in_the_window(start: int, end: int) -> None:
    expected = sum(start <= hour < end for hour in HOURS)

    assert count_bars(series_create(WHOLE), at(start), at(end)) == expected


def test_a_series_spans_from_its_first_open_to_its_last_close() -> None:
    assert series_create(WHOLE).first_and_after == (at(0), at(2300))


def test_a_series_without_candles_spans_nothing() -> None:
    with pytest.raises(ValueError, match="has no candles"):
        _ = series_create().first_and_after


def test_a_series_is_found_by_its_names_in_any_case() -> None:
    series = series_create(WHOLE)

    assert series_find(source="Binance", symbol="btc/usdt", timeframe="1h") == series


def test_a_series_that_is_not_there_names_those_that_are() -> None:
    series_create(WHOLE)

    with pytest.raises(
        NotFound,
        match="No candles of BTC/USDT 5m from binance: there is BTC/USDT binance 1h.",
    ):
        series_find(source="binance", symbol="BTC/USDT", timeframe="5m")


def test_an_unknown_symbol_says_what_to_do() -> None:
    with pytest.raises(NotFound, match="No candles of X 1h from y: import it first"):
        series_find(source="y", symbol="X", timeframe="1h")


def test_what_an_owner_keeps_is_seen_by_nobody_else() -> None:
    owner, stranger = user_create(), user_create(email="stranger@example.org")
    series = series_create(candles(3))
    Series.objects.update(owner=owner)

    for viewer in (None, AnonymousUser(), stranger):
        assert not series_list(viewer).exists()
        assert not instrument_list(viewer).exists()
    assert series_list(owner).get() == series
    assert instrument_list(owner).get() == series.instrument


def test_what_staff_share_is_seen_by_everybody() -> None:
    series_create(candles(3))
    Series.objects.update(owner=user_create(), shared=True)

    assert series_list().exists()
    assert instrument_list().exists()


def test_an_own_series_comes_before_one_of_the_same_names() -> None:
    owner, stranger = user_create(), user_create(email="stranger@example.org")
    public = series_create(candles(3))
    own = Series.objects.create(
        instrument=public.instrument, timeframe="1h", owner=owner
    )
    write_candles(own, candles(5))
    find = partial(series_find, source="binance", symbol="BTC/USDT", timeframe="1h")

    assert find(viewer=owner) == own
    assert find(viewer=stranger) == public
    assert find() == public


def test_an_instrument_has_one_series_a_timeframe_for_everybody() -> None:
    series = series_create()

    with pytest.raises(IntegrityError), transaction.atomic():
        Series.objects.create(instrument=series.instrument, timeframe="1h")


def test_a_series_without_candles_is_not_listed() -> None:
    series_create()

    assert not series_list().exists()


@pytest.mark.parametrize("timeframe", ["2h", "4h", "1d", "1w"])
@pytest.mark.parametrize("start", [None, 0, 1, 5.5, 30, 170])
@pytest.mark.parametrize("end", [None, 9, 24, 31, 180, 2250])
def test_wider_bars_of_a_window_are_those_of_the_whole_that_open_in_it(
    timeframe: str, start: float | None, end: float | None
) -> None:
    whole = resample(WHOLE, Timeframe.parse(timeframe))
    first = None if start is None else START + int(start * HOUR)
    last = None if end is None else START + int(end * HOUR)

    wide = window(series_create(WHOLE), start, end, timeframe=timeframe)

    assert same(wide, whole.between(first, last))


@pytest.mark.parametrize("timeframe", ["1m", "30m"])
def test_a_timeframe_that_is_finer_is_refused(timeframe: str) -> None:
    with pytest.raises(InvalidInput, match="is not a multiple of .* 1h") as caught:
        window(series_create(WHOLE), timeframe=timeframe)

    assert caught.value.errors[0].pointer == "/timeframe"


def test_three_days_do_not_divide_a_week() -> None:
    series = series_create(
        candles(3, start=24 * THREE_DAYS, step=THREE_DAYS), timeframe="3d"
    )

    with pytest.raises(InvalidInput, match="1w is not a multiple"):
        window(series, timeframe="1w")


def test_points_thin_a_window() -> None:
    assert len(window(series_create(WHOLE), points=7)) == 7


def test_more_candles_than_an_answer_holds_are_refused() -> None:
    series = series_create(candles(MAX_CANDLES + 1))

    with pytest.raises(InvalidInput, match="holds 20,001 candles .* at most 20,000"):
        window(series)

    assert len(window(series, 1)) == MAX_CANDLES
    assert len(window(series, points=MAX_CANDLES)) == MAX_CANDLES


def at_half_past() -> Series:
    """Return a session of hours from 14:30 on, as an exchange opens them."""
    series = series_create()
    Series.objects.update(anchor_ms=HOUR // 2)
    series.refresh_from_db()
    write_candles(series, candles(7, start=START + 14 * HOUR + HOUR // 2))
    series.refresh_from_db()
    return series


@pytest.mark.parametrize("timeframe", [None, "1h"])
def test_hours_at_half_past_are_shown_as_they_are(timeframe: str | None) -> None:
    shown = candle_window(at_half_past(), CandleQuery(timeframe=timeframe))

    assert shown.candles.time[0] == START + 14 * HOUR + HOUR // 2
    assert shown.complete is None


@pytest.mark.parametrize("timeframe", ["2h", "4h", "12h"])
def test_hours_at_half_past_do_not_fill_wider_bars_of_the_clock(timeframe: str) -> None:
    # The one from 15:30 to 16:30 would close after the bar from 12:00 to 16:00.
    with pytest.raises(InvalidInput, match="show them as 1h, or as days or weeks"):
        candle_window(at_half_past(), CandleQuery(timeframe=timeframe))


def test_hours_at_half_past_make_days() -> None:
    shown = candle_window(at_half_past(), CandleQuery(timeframe="1d"))

    assert shown.candles.time.tolist() == [START]
