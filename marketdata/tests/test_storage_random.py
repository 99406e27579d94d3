"""Whatever the order of overlapping imports, the candles and the hash are the same."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketdata.gaps import find_gaps
from marketdata.merging import OnConflict
from marketdata.models import Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import BLOCK_BARS, read_candles, write_candles
from marketdata.tests.candles import HOUR, candles_at, same, series_create

BORDER = 57 * BLOCK_BARS * HOUR
# Three blocks with gaps, the borders inside; small enough for many tries.
PRESENT = np.flatnonzero(np.random.default_rng(7).random(400) < 0.9)
TIMES = np.concatenate(
    [BORDER + HOUR * (PRESENT[:200] - 100), BORDER + HOUR * (PRESENT[200:] + 8000)]
)
WHOLE = candles_at(TIMES)
SEEN = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Plan:
    """Parts of the whole in the order in which they are imported."""

    parts: tuple[tuple[int, int], ...]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw overlapping parts that together cover the whole."""
    cuts = sorted({0, len(WHOLE), *draw(st.lists(st.integers(1, len(WHOLE) - 1)))})
    overlap = draw(st.integers(0, 60))
    parts = [(max(0, a - overlap), b) for a, b in zip(cuts, cuts[1:], strict=False)]
    return Plan(tuple(draw(st.permutations(parts))))


def summary(series: Series) -> tuple[object, ...]:
    series.refresh_from_db()
    return (
        series.first,
        series.last,
        series.bars,
        series.gaps,
        series.missing_bars,
        series.content_hash,
    )


@SEEN
@given(plans())
def test_any_order_of_overlapping_imports_equals_one_import(plan: Plan) -> None:
    Series.objects.all().delete()
    at_once = series_create(WHOLE, symbol="AT/ONCE")
    series = series_create()

    for start, stop in plan.parts:
        write_candles(series, WHOLE.slice(start, stop), on_conflict=OnConflict.FAIL)

    assert same(read_candles(series, None, None), WHOLE)
    assert summary(series) == summary(at_once)


@SEEN
@given(plans())
def test_the_summary_equals_a_recount(plan: Plan) -> None:
    Series.objects.all().delete()
    series = series_create()

    for start, stop in plan.parts:
        write_candles(series, WHOLE.slice(start, stop))

        stored = read_candles(series, None, None)
        series.refresh_from_db()
        gaps = find_gaps(stored.time, series.step)
        assert series.first is not None
        assert series.last is not None
        assert (series.bars, series.gaps, series.missing_bars) == (
            len(stored),
            gaps.places,
            gaps.missing_bars,
        )
        assert series.first.timestamp() * 1000 == stored.time[0]
        assert series.last.timestamp() * 1000 == stored.time[-1]


@SEEN
@given(plans(), st.data())
def test_the_last_import_of_a_candle_wins(plan: Plan, data: st.DataObject) -> None:
    Series.objects.all().delete()
    series = series_create()
    expected: dict[int, float] = {}

    for start, stop in plan.parts:
        seed = data.draw(st.integers(0, 2))
        part = candles_at(WHOLE.time[start:stop], seed)
        write_candles(series, part)
        expected |= dict(zip(part.time.tolist(), part.close.tolist(), strict=True))

    stored: Ohlcv = read_candles(series, None, None)
    assert stored.time.tolist() == sorted(expected)
    assert stored.close.tolist() == [expected[time] for time in sorted(expected)]
