"""Columns as bytes, and back."""

import subprocess
import sys

import numpy as np
import pytest

from botforge.arrow import FAST, SMALL, decode_columns, encode_columns

STORE_AND_READ = """
import sys
import numpy as np
from botforge.arrow import SMALL, decode_columns, encode_columns
decode_columns(encode_columns({"equity": np.arange(3.0)}, SMALL))
print("pandas" in sys.modules)
"""


@pytest.mark.parametrize("options", [FAST, SMALL])
def test_columns_come_back_bit_for_bit(options: object) -> None:
    columns = {
        "time": np.array([1, 2**62, -5], np.int64),
        "equity": np.array([0.1, np.nan, -np.inf]),
        "side": np.array([1, -1, 0], np.int8),
        "strided": np.arange(6.0)[::2],
    }

    back = decode_columns(encode_columns(columns, options))  # type: ignore[arg-type] # both are options

    assert list(back) == list(columns)
    for name, column in columns.items():
        assert back[name].dtype == column.dtype
        np.testing.assert_array_equal(back[name], column)


def test_an_empty_column_stays_one() -> None:
    columns = {"equity": np.empty(0)}

    assert len(decode_columns(encode_columns(columns, SMALL))["equity"]) == 0


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(TypeError, match="only numbers are stored"):
        encode_columns({"flag": np.array([True])}, SMALL)


def test_storing_a_result_does_not_load_pandas() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STORE_AND_READ],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )

    assert done.stdout.strip() == "False"
