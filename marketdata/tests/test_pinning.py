"""Candles and the revision they are said to be of are those of one moment."""

import hashlib
from datetime import UTC, datetime
from threading import Event, Thread

import numpy as np
import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from botforge.errors import NotFound
from marketdata.encoding import content_hash
from marketdata.models import Series
from marketdata.ohlcv import Ohlcv
from marketdata.selectors import CandleQuery, candle_window, load_ohlcv
from marketdata.storage import BLOCK_BARS, SUMMARY, read_pinned, write_candles
from marketdata.tests.candles import HOUR, START, candles, same, series_create

SPAN = BLOCK_BARS * HOUR


def stale(series: Series, later: Ohlcv) -> Series:
    """Return the row as it was read before the candles of ``later`` were written."""
    before = Series.objects.select_related("instrument").get(pk=series.pk)
    write_candles(series, later)
    return before


def summary(series: Series) -> list[object]:
    return [getattr(series, name) for name in SUMMARY]


@pytest.mark.django_db
def test_loaded_candles_bring_their_own_revision_and_summary() -> None:
    whole = candles(BLOCK_BARS, start=START)
    series = stale(series_create(whole.slice(0, 10)), whole)
    assert (series.revision, series.bars) == (1, 10)

    loaded, _ = load_ohlcv(series, None, None)

    assert same(loaded, whole)
    assert (series.revision, series.bars) == (2, BLOCK_BARS)
    assert summary(series) == summary(Series.objects.get())


@pytest.mark.django_db
def test_a_warm_up_reaches_candles_that_came_after_the_row_was_read() -> None:
    whole = candles(300)
    series = stale(series_create(whole.slice(200, 300)), whole)
    start = datetime.fromtimestamp(whole.time[210] / 1000, UTC)

    loaded, warmup = load_ohlcv(series, start, None, 150)

    assert warmup == 150
    assert same(loaded, whole.slice(60, 300))


@pytest.mark.django_db
def test_a_shown_window_is_of_the_revision_that_the_row_then_names() -> None:
    whole = candles(100)
    series = stale(series_create(whole.slice(0, 10)), whole)

    shown = candle_window(series, CandleQuery())

    assert len(shown.candles) == 100
    assert series.revision == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end"), [(None, None), (-1, 0), (0, 1), (SPAN - 1, SPAN + 1), (9, 9)]
)
def test_a_window_without_candles_names_its_revision_too(
    start: int | None, end: int | None
) -> None:
    series = series_create()
    Series.objects.update(revision=7)

    assert len(read_pinned(series, start, end)) == 0
    assert series.revision == 7


@pytest.mark.django_db
def test_a_series_that_is_gone_is_not_found() -> None:
    series = series_create(candles(5))
    Series.objects.all().delete()

    with pytest.raises(NotFound, match="just been deleted"):
        read_pinned(series, None, None)


@pytest.mark.django_db
def test_candles_and_summary_are_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    series = series_create(candles(2 * BLOCK_BARS))

    with django_assert_num_queries(1):
        read_pinned(series, None, None)


def hash_of(ohlcv: Ohlcv) -> str:
    """Return a series' hash as its definition has it: of the hashes of its blocks."""
    digest = hashlib.sha256()
    numbers = ohlcv.time // SPAN
    for number in np.unique(numbers).tolist():
        first, after = np.searchsorted(numbers, [number, number + 1]).tolist()
        digest.update(f"{number}:{content_hash(ohlcv.slice(first, after))}\n".encode())
    return digest.hexdigest()


@pytest.mark.django_db(transaction=True)
def test_while_another_writes_every_load_is_of_the_revision_it_names() -> None:
    versions = [candles(BLOCK_BARS + 50, seed=seed) for seed in (1, 2)]
    series = series_create(versions[0])
    over = Event()

    def write() -> None:
        for number in range(30):
            write_candles(series, versions[(number + 1) % 2])
        over.set()
        connection.close()

    writer = Thread(target=write)
    writer.start()
    mine = Series.objects.select_related("instrument").get()
    seen = set()
    while not over.is_set():
        loaded, _ = load_ohlcv(mine, None, None)
        seen.add(mine.revision)
        assert mine.content_hash == hash_of(loaded)
        assert same(loaded, versions[(mine.revision + 1) % 2])
    writer.join()
    assert len(seen) > 3
