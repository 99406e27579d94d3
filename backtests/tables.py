"""Result tables as bytes (see ``botforge.arrow``)."""

from typing import Any

from numpy.typing import NDArray

from botforge.arrow import SMALL, Table, decode_columns, encode_columns


def encode_table(columns: Table) -> bytes:
    """Return the columns, all of one length, as a self-describing buffer."""
    return encode_columns(columns, SMALL)


def decode_table(buffer: bytes | memoryview) -> dict[str, NDArray[Any]]:
    """Return the columns of a buffer that ``encode_table`` made."""
    return decode_columns(buffer)


def structured_columns(records: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the fields of a structured array as contiguous columns."""
    names = records.dtype.names or ()
    return {name: records[name].copy() for name in names}
