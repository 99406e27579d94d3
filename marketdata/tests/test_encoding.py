import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import ipc

from marketdata.encoding import content_hash, decode_all, encode
from marketdata.ohlcv import COLUMNS, Ohlcv
from marketdata.tests.candles import HOUR, START, candles, same

any_float = st.floats(width=64, allow_nan=True, allow_infinity=True)
rows = st.lists(st.tuples(*[any_float] * 5), max_size=50)


def bits(ohlcv: Ohlcv) -> list[bytes]:
    return [column.tobytes() for column in ohlcv]


@given(rows, st.integers(-(2**62), 2**62))
def test_every_bit_comes_back(values: list[tuple[float, ...]], start: int) -> None:
    columns = np.array(values, float).reshape(-1, 5).T
    ohlcv = Ohlcv(start + np.arange(len(values)), *columns)

    assert bits(decode_all([(len(ohlcv), encode(ohlcv))])) == bits(ohlcv)


def test_consecutive_blocks_come_back_as_one() -> None:
    whole = candles(100)
    parts = [whole.slice(0, 10), whole.slice(10, 11), whole.slice(11, 100)]

    assert same(decode_all([(len(part), encode(part)) for part in parts]), whole)


def test_a_memoryview_is_read_like_bytes() -> None:
    ohlcv = candles(5)

    assert same(decode_all([(5, memoryview(encode(ohlcv)))]), ohlcv)


def test_no_blocks_are_no_candles() -> None:
    assert len(decode_all([])) == 0


def test_a_buffer_is_a_table_that_any_arrow_reader_opens() -> None:
    table = ipc.open_stream(encode(candles(5))).read_all()

    assert table.column_names == ["time_step", *COLUMNS[1:]]
    assert table["time_step"].to_pylist() == [START, HOUR, HOUR, HOUR, HOUR]


def test_a_table_of_something_else_is_not_read_as_candles() -> None:
    batch = pa.record_batch([pa.array([1])] * 6, names=list(COLUMNS))
    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)

    with pytest.raises(ValueError, match="not a block of candles"):
        decode_all([(1, sink.getvalue().to_pybytes())])


def test_the_hash_depends_on_every_column() -> None:
    ohlcv = candles(3)
    hashes = {content_hash(ohlcv)}
    for name in COLUMNS:
        values = {column: getattr(ohlcv, column).copy() for column in COLUMNS}
        values[name][1] += 1
        hashes.add(content_hash(Ohlcv(**values)))

    assert len(hashes) == 7


def test_the_hash_of_known_candles_never_changes() -> None:
    one = np.array([1.0, 2.0])

    ohlcv = Ohlcv(np.array([0, 60_000]), one, one, one, one, one)

    assert content_hash(ohlcv) == (
        "b35afbfb038d53eefc2ffb9fc7917a24fe9b0db2522a4fa5593754f967489347"
    )


def test_values_that_are_the_same_hash_the_same() -> None:
    price = np.ones(2)
    time = np.arange(2)
    odd_nan = np.array([0x7FF8000000000001], np.uint64).view(np.float64)[0]
    a = Ohlcv(time, price, price, price, price, np.array([0.0, np.nan]))
    b = Ohlcv(time, price, price, price, price, np.array([-0.0, odd_nan]))

    assert content_hash(a) == content_hash(b)
