import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketdata.merging import Merge, OnConflict, merge
from marketdata.ohlcv import Ohlcv
from marketdata.tests.candles import candles, same

type Rows = dict[int, float]

NAN = float("nan")
rows = st.dictionaries(st.integers(0, 12), st.sampled_from([1.0, 2.0, NAN]))


def ohlcv(candle_of: Rows) -> Ohlcv:
    """Return bars whose prices are 1 and whose volumes are given."""
    time = sorted(candle_of)
    price = np.ones(len(time))
    volume = np.array([candle_of[t] for t in time], float)
    return Ohlcv(np.array(time, np.int64), price, price, price, price, volume)


def equal(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)


def reference(stored: Rows, incoming: Rows, on_conflict: OnConflict) -> Merge:
    merged = dict(stored)
    conflicts = []
    new = unchanged = 0
    for time, value in sorted(incoming.items()):
        if time not in stored:
            new += 1
            merged[time] = value
        elif equal(stored[time], value):
            unchanged += 1
        else:
            conflicts.append(time)
            if on_conflict is not OnConflict.KEEP:
                merged[time] = value
    first = conflicts[0] if conflicts else None
    return Merge(ohlcv(merged), new, len(conflicts), unchanged, first)


@given(rows, rows, st.sampled_from(OnConflict))
def test_merging_agrees_with_a_dictionary(
    stored: Rows, incoming: Rows, on_conflict: OnConflict
) -> None:
    result = merge(ohlcv(stored), ohlcv(incoming), on_conflict)
    expected = reference(stored, incoming, on_conflict)

    assert same(result.ohlcv, expected.ohlcv)
    assert (result.new, result.changed, result.unchanged, result.first_changed_ms) == (
        expected.new,
        expected.changed,
        expected.unchanged,
        expected.first_changed_ms,
    )


@pytest.mark.parametrize("column", ["open", "high", "low", "close", "volume"])
def test_a_candle_that_differs_in_one_column_is_changed(column: str) -> None:
    stored = candles(3)
    values = {name: getattr(stored, name).copy() for name in stored.__slots__}
    values[column][1] *= 1 + 2**-52

    result = merge(stored, Ohlcv(**values), OnConflict.REPLACE)

    assert (result.new, result.changed, result.unchanged) == (0, 1, 2)
    assert same(result.ohlcv, Ohlcv(**values))


@pytest.mark.parametrize("on_conflict", OnConflict)
def test_the_same_candles_leave_the_very_same_object(on_conflict: OnConflict) -> None:
    stored = candles(5)

    assert merge(stored, candles(5), on_conflict).ohlcv is stored


def test_conflicts_that_are_kept_leave_the_very_same_object() -> None:
    stored = candles(5)

    result = merge(stored, candles(5, seed=1), OnConflict.KEEP)

    assert result.ohlcv is stored
    assert result.changed == 5


@given(rows, rows)
def test_candles_without_conflict_merge_to_the_same_in_either_order(
    a: Rows, b: Rows
) -> None:
    b = {time: a.get(time, value) for time, value in b.items()}
    one, other = ohlcv(a), ohlcv(b)

    assert same(
        merge(one, other, OnConflict.FAIL).ohlcv,
        merge(other, one, OnConflict.FAIL).ohlcv,
    )
