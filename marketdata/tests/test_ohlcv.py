import numpy as np
import pytest

from marketdata.ohlcv import COLUMNS, Ohlcv
from marketdata.tests.candles import HOUR, START, candles, same


def test_a_column_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        candles(3).close[0] = 1.0


def test_the_callers_own_array_stays_writable() -> None:
    prices = np.array([1.0, 2.0])

    Ohlcv([0, 1], prices, prices, prices, prices, prices)  # type: ignore[arg-type] # lists are accepted

    assert prices.flags.writeable


def test_a_field_cannot_be_replaced() -> None:
    with pytest.raises(AttributeError):
        candles(3).close = np.zeros(3)  # type: ignore[misc] # what is tested


def test_columns_have_one_length() -> None:
    one, two = np.ones(1), np.ones(2)

    with pytest.raises(ValueError, match="column low must be .* with 1 values"):
        Ohlcv(np.array([0]), one, one, two, one, one)


def test_a_column_has_one_dimension() -> None:
    one, square = np.ones(1), np.ones((1, 1))

    with pytest.raises(ValueError, match="one-dimensional"):
        Ohlcv(np.array([0]), one, one, one, square, one)


@pytest.mark.parametrize("time", [[1, 0], [0, 0]])
def test_time_increases_strictly(time: list[int]) -> None:
    price = np.ones(2)

    with pytest.raises(ValueError, match="strictly increasing"):
        Ohlcv(np.array(time), price, price, price, price, price)


def test_numbers_become_int64_times_and_float64_values() -> None:
    one = np.array([1], np.int32)

    ohlcv = Ohlcv(one, one, one, one, one, one)  # type: ignore[arg-type] # converted

    assert ohlcv.time.dtype == np.int64
    assert ohlcv.volume.dtype == np.float64


def test_columns_come_in_their_order() -> None:
    ohlcv = candles(2)

    assert [c is getattr(ohlcv, n) for n, c in zip(COLUMNS, ohlcv, strict=True)] == [
        True
    ] * 6


def test_none_is_empty() -> None:
    assert len(Ohlcv.empty()) == 0
    assert len(Ohlcv.concatenate([])) == 0


def test_parts_that_follow_each_other_join() -> None:
    whole = candles(10)

    joined = Ohlcv.concatenate(
        [whole.slice(0, 4), whole.slice(4, 5), whole.slice(5, 10)]
    )

    assert same(joined, whole)


def test_parts_in_the_wrong_order_do_not_join() -> None:
    whole = candles(4)

    with pytest.raises(ValueError, match="strictly increasing"):
        Ohlcv.concatenate([whole.slice(2, 4), whole.slice(0, 2)])


@pytest.mark.parametrize(
    ("start", "end", "bars"),
    [
        (None, None, range(10)),
        (START, START + 10 * HOUR, range(10)),
        (START + HOUR, START + 3 * HOUR, range(1, 3)),
        (START + 1, None, range(1, 10)),
        (None, START + 1, range(1)),
        (None, START, range(0)),
        (START + 3 * HOUR, START + HOUR, range(0)),
        (START + 99 * HOUR, None, range(0)),
    ],
)
def test_a_window_holds_the_bars_that_open_from_start_up_to_but_not_at_end(
    start: int | None, end: int | None, bars: range
) -> None:
    window = candles(10).between(start, end)

    assert window.time.tolist() == [START + HOUR * bar for bar in bars]
