from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from botforge.arrow import Table
from botforge.tabular import PIECE, csv_pieces, feather_pieces, parquet_pieces

READERS: dict[Callable[[Table], Iterator[bytes]], Callable[[BytesIO], pa.Table]] = {
    parquet_pieces: parquet.read_table,
    feather_pieces: feather.read_table,
}


def columns(rows: int) -> dict[str, Any]:
    random = np.random.default_rng(1)
    return {
        "time": 1_700_000_000_000 + 1000 * np.arange(rows),
        "value": random.normal(size=rows),
        "complete": random.random(rows) > 0.5,
    }


@pytest.mark.parametrize("rows", [0, 1, PIECE, 2 * PIECE + 1])
def test_csv_has_every_value_to_the_bit(rows: int) -> None:
    given = columns(rows)

    lines = b"".join(csv_pieces(given)).decode().splitlines()

    cells = [line.split(",") for line in lines[1:]]
    assert lines[0] == "time,value,complete"
    assert [float(row[1]) for row in cells] == given["value"].tolist()
    assert [row[2] == "true" for row in cells] == given["complete"].tolist()
    if rows:
        assert cells[0][0] == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize("rows", [0, 1, PIECE, 2 * PIECE + 1])
@pytest.mark.parametrize("pieces", READERS)
def test_a_binary_file_has_every_value_to_the_bit(
    pieces: Callable[[Table], Iterator[bytes]], rows: int
) -> None:
    given = columns(rows)

    table = READERS[pieces](BytesIO(b"".join(pieces(given))))

    assert table.schema.field("time").type == pa.timestamp("ms", "UTC")
    assert table["time"].cast(pa.int64()).to_pylist() == given["time"].tolist()
    assert table["value"].to_pylist() == given["value"].tolist()
    assert table["complete"].to_pylist() == given["complete"].tolist()


def test_what_is_not_a_number_is_absent() -> None:
    given = {"value": np.array([np.nan, 1.5])}

    (table,) = (READERS[p](BytesIO(b"".join(p(given)))) for p in [parquet_pieces])

    assert b"".join(csv_pieces(given)) == b"value\n\n1.5\n"
    assert table["value"].to_pylist() == [None, 1.5]


def test_a_large_file_comes_in_pieces() -> None:
    for make in (csv_pieces, parquet_pieces):
        pieces = list(make(columns(4 * PIECE)))

        assert len(pieces) >= 5
        assert max(map(len, pieces)) < sum(map(len, pieces)) / 3
