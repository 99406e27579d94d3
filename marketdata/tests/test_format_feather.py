import contextlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, ipc

from botforge.errors import InvalidInput
from marketdata.formats import base
from marketdata.ohlcv import Ohlcv
from marketdata.tests.candles import START, candles
from marketdata.tests.files import read

VALUES = ("open", "high", "low", "close", "volume")


def table(ohlcv: Ohlcv, date: "pa.Array[Any] | None" = None) -> pa.Table:
    moments = pa.array(ohlcv.time).cast(pa.timestamp("ms", "UTC"))
    columns = {name: pa.array(getattr(ohlcv, name)) for name in VALUES}
    return pa.table({"date": moments if date is None else date, **columns})


def written(folder: Path, content: pa.Table, compression: str = "lz4") -> Path:
    path = folder / "candles.feather"
    feather.write_feather(content, str(path), compression=compression)  # type: ignore[arg-type] # one of the literals
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(path)
    assert caught.value.errors[0].pointer == "/file"
    return caught.value.detail


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_dates_of_every_unit_and_zone_are_the_same_moments(
    tmp_path: Path, unit: str, zone: str | None
) -> None:
    ohlcv = candles(5)
    dates = pa.array(ohlcv.time).cast(pa.timestamp("ms")).cast(pa.timestamp(unit))
    if zone:
        dates = dates.cast(pa.timestamp(unit, zone))

    raw = read(written(tmp_path, table(ohlcv, dates)))

    assert raw.time.tolist() == ohlcv.time.tolist()


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_values_are_exact_however_they_are_compressed(
    tmp_path: Path, compression: str
) -> None:
    ohlcv = candles(50)

    raw = read(written(tmp_path, table(ohlcv), compression))

    for name in VALUES:
        np.testing.assert_array_equal(getattr(raw, name), getattr(ohlcv, name))


def test_other_columns_and_any_order_are_fine(tmp_path: Path) -> None:
    ohlcv = candles(3)
    content = table(ohlcv).append_column("note", pa.array(["a", "b", "c"]))
    names = content.column_names[::-1]

    raw = read(written(tmp_path, content.select(names)))

    assert raw.close.tolist() == ohlcv.close.tolist()
    assert raw.time.tolist() == ohlcv.time.tolist()


def test_missing_values_are_missing(tmp_path: Path) -> None:
    content = table(candles(2))
    gone = pa.nulls(2, pa.float64())
    content = content.set_column(4, "close", gone)
    dates = pa.array([START, None], pa.timestamp("ms"))

    raw = read(written(tmp_path, content.set_column(0, "date", dates)))

    assert np.isnan(raw.close).all()
    assert np.isnan(raw.time).tolist() == [False, True]


def test_a_close_time_is_not_rounded_up_to_the_next_open(tmp_path: Path) -> None:
    last_instant = pa.array([START * 1_000_000 - 1], pa.timestamp("ns"))

    raw = read(written(tmp_path, table(candles(1), last_instant)))

    assert raw.time.tolist() == [START - 1]


def test_a_time_beyond_milliseconds_does_not_wrap_around(tmp_path: Path) -> None:
    far = pa.array([2**62], pa.int64()).cast(pa.timestamp("s"))

    raw = read(written(tmp_path, table(candles(1), far)))

    assert raw.time[0] > 4e21


def test_a_date_without_a_time_is_midnight(tmp_path: Path) -> None:
    day = pa.array([START // 86_400_000], pa.int32()).cast(pa.date32())

    raw = read(written(tmp_path, table(candles(1), day)))

    assert raw.time.tolist() == [START]


@pytest.mark.parametrize("name", ["date", "close", "volume"])
def test_a_missing_column_is_named(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, table(candles(3)).drop_columns([name]))

    assert f"it has no column {name}" in refusal(path)


def test_a_column_that_is_there_twice_is_named(tmp_path: Path) -> None:
    twice = table(candles(3)).append_column("close", pa.array([1.0, 2.0, 3.0]))
    path = tmp_path / "twice.feather"
    with ipc.new_file(str(path), twice.schema) as writer:
        writer.write_table(twice)

    assert "more than one column close" in refusal(path)


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["1,234.5", "2"]),
        pa.array([[1.0], [2.0]]),
        pa.array([{"a": 1}, {"a": 2}]),
        pa.array([b"1", b"\xff"]),
    ],
)
def test_a_column_of_something_else_than_numbers_is_refused(
    tmp_path: Path, column: "pa.Array[Any]"
) -> None:
    content = table(candles(2)).set_column(4, "close", column)

    assert "something else than times and numbers" in refusal(
        written(tmp_path, content)
    )


def test_a_date_that_is_no_time_is_refused(tmp_path: Path) -> None:
    words = pa.array(["yesterday", "today"])

    assert "something else than times" in refusal(
        written(tmp_path, table(candles(2), words))
    )


def test_a_file_without_rows_is_empty(tmp_path: Path) -> None:
    raw = read(written(tmp_path, table(candles(0))))

    assert len(raw.time) == 0


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path, table(candles(100))).read_bytes()
    path = tmp_path / "cut.feather"

    for length in range(6, len(whole), 97):
        path.write_bytes(whole[:length])
        assert "damaged or cut off" in refusal(path)


def test_a_damaged_file_is_read_or_refused_but_never_crashes(tmp_path: Path) -> None:
    whole = written(tmp_path, table(candles(30))).read_bytes()
    random = np.random.default_rng(3)
    path = tmp_path / "damaged.feather"

    for _ in range(400):
        damaged = bytearray(whole)
        for place in random.integers(6, len(whole), 3):
            damaged[place] = random.integers(256)
        path.write_bytes(damaged)
        with contextlib.suppress(InvalidInput):
            read(path)


def test_more_rows_than_any_series_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "MAX_ROWS", 10)

    assert "more than 10 rows" in refusal(written(tmp_path, table(candles(11))))
