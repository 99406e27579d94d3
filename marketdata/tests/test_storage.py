import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from botforge.errors import Conflict
from marketdata.gaps import find_gaps
from marketdata.merging import OnConflict
from marketdata.models import CandleBlock, Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import (
    BLOCK_BARS,
    Written,
    count_candles,
    read_candles,
    write_candles,
)
from marketdata.tests.candles import HOUR, candles, candles_at, same, series_create

pytestmark = pytest.mark.django_db
SPAN = BLOCK_BARS * HOUR
# The first block border after START.
BORDER = 57 * SPAN


def snapshot(series: Series) -> tuple[object, ...]:
    """Return everything that is stored of a series."""
    row = Series.objects.filter(pk=series.pk).values().get()
    blocks = series.blocks.order_by("number").values_list()
    return row, [(*block[:-1], bytes(block[-1])) for block in blocks]


def changed(ohlcv: Ohlcv, index: int) -> Ohlcv:
    close = ohlcv.close.copy()
    close[index] = ohlcv.high[index]
    return Ohlcv(ohlcv.time, ohlcv.open, ohlcv.high, ohlcv.low, close, ohlcv.volume)


def test_what_is_written_is_read() -> None:
    ohlcv = candles(100)

    series = series_create(ohlcv)

    assert same(read_candles(series, None, None), ohlcv)


def test_an_empty_series_has_no_candles() -> None:
    assert len(read_candles(series_create(), None, None)) == 0


def test_writing_nothing_changes_nothing() -> None:
    series = series_create()
    before = snapshot(series)

    assert write_candles(series, Ohlcv.empty()) == Written(0, 0, 0)
    assert snapshot(series) == before


def test_candles_between_two_opens_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="candles are off the grid of 1h"):
        write_candles(series_create(), candles(2, step=HOUR + 1))


def test_candles_are_split_at_borders_that_are_aligned_to_the_epoch() -> None:
    series = series_create(candles(BLOCK_BARS + 2, start=BORDER - HOUR))

    numbers = series.blocks.order_by("number").values_list("number", "bars")

    assert list(numbers) == [(56, 1), (57, BLOCK_BARS), (58, 1)]


@pytest.mark.parametrize("start", [None, -HOUR, -1, 0, 1, HOUR])
@pytest.mark.parametrize("end", [None, -HOUR, -1, 0, 1, HOUR, SPAN, SPAN + 1])
def test_a_window_at_a_border_is_the_slice_of_the_whole(
    start: int | None, end: int | None
) -> None:
    whole = candles(BLOCK_BARS + 20, start=BORDER - 10 * HOUR)
    series = series_create(whole)
    first = None if start is None else BORDER + start
    last = None if end is None else BORDER + end

    assert same(read_candles(series, first, last), whole.between(first, last))


def test_a_window_that_ends_at_a_border_reads_no_block_beyond_it(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    series = series_create(candles(20, start=BORDER - 10 * HOUR))
    CandleBlock.objects.filter(series=series, number=57).update(payload=b"unreadable")

    with django_assert_num_queries(1):
        assert len(read_candles(series, None, BORDER)) == 10


def test_a_write_rewrites_only_the_blocks_it_touches() -> None:
    whole = candles(2 * BLOCK_BARS, start=BORDER)
    series = series_create(whole)
    # A hash that no candles have shows that nothing is written over it.
    CandleBlock.objects.filter(series=series, number=57).update(content_hash="mine")

    write_candles(series, changed(whole, BLOCK_BARS + 5).slice(BLOCK_BARS, len(whole)))

    assert series.blocks.get(number=57).content_hash == "mine"


def test_the_same_candles_again_leave_everything_as_it_was() -> None:
    ohlcv = candles(100)
    series = series_create(ohlcv)
    before = snapshot(series)

    assert write_candles(series, ohlcv) == Written(0, 0, 100)
    assert snapshot(series) == before


def test_the_revision_rises_by_one_with_each_write_that_changes_a_candle() -> None:
    ohlcv = candles(3 * BLOCK_BARS, start=BORDER - HOUR)
    series = series_create(ohlcv.slice(0, 100))

    write_candles(series, ohlcv)
    write_candles(series, changed(ohlcv, 5))
    write_candles(series, ohlcv.slice(10, 20))

    series.refresh_from_db()
    assert series.revision == 3


def test_replace_stores_the_new_values() -> None:
    ohlcv = candles(10)
    series = series_create(ohlcv)

    assert write_candles(series, changed(ohlcv, 5)) == Written(0, 1, 9)
    assert same(read_candles(series, None, None), changed(ohlcv, 5))


def test_keep_stores_only_what_is_new() -> None:
    ohlcv = candles(10)
    series = series_create(ohlcv.slice(0, 8))

    written = write_candles(series, changed(ohlcv, 5), on_conflict=OnConflict.KEEP)

    assert written == Written(2, 1, 7)
    assert same(read_candles(series, None, None), ohlcv)


def test_keep_without_anything_new_leaves_everything_as_it_was() -> None:
    ohlcv = candles(10)
    series = series_create(ohlcv)
    before = snapshot(series)

    write_candles(series, changed(ohlcv, 5), on_conflict=OnConflict.KEEP)

    assert snapshot(series) == before


def test_fail_names_the_first_conflict_and_leaves_everything_as_it_was() -> None:
    ohlcv = candles(20, start=BORDER - 10 * HOUR)
    series = series_create(ohlcv.slice(5, 20))
    before = snapshot(series)

    # The first block gets new candles before the second turns out to conflict.
    with pytest.raises(Conflict, match="the first of them at 2023-04-09 04:00"):
        write_candles(series, changed(ohlcv, 14), on_conflict=OnConflict.FAIL)

    assert snapshot(series) == before


def test_fail_stores_new_candles_when_nothing_conflicts() -> None:
    ohlcv = candles(20)
    series = series_create(ohlcv.slice(0, 12))

    written = write_candles(series, ohlcv.slice(10, 20), on_conflict=OnConflict.FAIL)

    assert written == Written(8, 0, 2)


def test_progress_ends_with_all_candles() -> None:
    seen: list[tuple[int, int]] = []

    write_candles(
        series_create(),
        candles(20, start=BORDER - 5 * HOUR),
        progress=lambda done, total: seen.append((done, total)),
    )

    assert seen == [(5, 20), (20, 20)]


def test_series_do_not_mix() -> None:
    one = series_create(candles(10))
    other = series_create(candles(10, seed=1), symbol="ETH/USDT")

    assert same(read_candles(one, None, None), candles(10))
    assert same(read_candles(other, None, None), candles(10, seed=1))


def test_a_missing_volume_is_kept_and_not_taken_for_a_change() -> None:
    ohlcv = candles(3)
    volume = np.array([1.0, np.nan, 3.0])
    unknown = Ohlcv(ohlcv.time, ohlcv.open, ohlcv.high, ohlcv.low, ohlcv.close, volume)
    series = series_create(unknown)

    assert write_candles(series, unknown) == Written(0, 0, 3)
    assert same(read_candles(series, None, None), unknown)


def test_the_summary_counts_gaps_inside_and_between_blocks() -> None:
    present = np.delete(np.arange(30), [3, 4, 9, 10, 11, 20])
    ohlcv = candles_at(BORDER + HOUR * (present - 10))
    series = series_create(ohlcv)
    recount = find_gaps(ohlcv.time, series.step)

    assert (series.gaps, series.missing_bars) == (recount.places, recount.missing_bars)
    assert (series.bars, recount.places) == (24, 3)


@pytest.mark.parametrize("start", [-HOUR, -1, 0, 1, 5 * HOUR, 2 * SPAN])
@pytest.mark.parametrize("length", [0, 1, HOUR, SPAN - 1, SPAN, 2 * SPAN, 3 * SPAN])
def test_a_count_is_the_length_of_the_window(start: int, length: int) -> None:
    present = np.delete(np.arange(2 * BLOCK_BARS + 20), slice(100, 9000))
    series = series_create(candles_at(BORDER + HOUR * (present - 10)))
    first, last = BORDER + start, BORDER + start + length

    assert count_candles(series, first, last) == len(read_candles(series, first, last))


def test_a_whole_series_is_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    series = series_create(candles(2 * BLOCK_BARS))

    with django_assert_num_queries(1):
        read_candles(series, None, None)
