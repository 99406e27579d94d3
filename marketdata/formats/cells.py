"""Cells of text as numbers and times; what is neither becomes NaN.

Nothing is guessed: a decimal comma, a thousands separator, "now" or 01/02/2021 is no
value. Every number is the float64 nearest to its text.
"""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

type Cells = pa.Array[Any]

PADDING = ' "\t'
NUMBER = r"^[-+]?((\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|(?i:inf|infinity))$"
# Unix time; a trailing .0 is how a spreadsheet writes a whole number. An exponent is
# no time: it says that digits are gone.
UNIX = r"^\d{1,19}$"
ZERO_FRACTION = r"\.0+$"
ISO_8601 = (
    r"^\d{4}-\d{2}-\d{2}"
    r"([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)? ?(Z|[-+]\d{2}:?\d{2})?)?$"
)
# A Unix time tells its unit by its size: seconds up to the year 5138, then
# milliseconds, microseconds and nanoseconds, each from 1973.
SECONDS_BELOW = 10**11
MILLISECONDS_BELOW = 10**14
MICROSECONDS_BELOW = 10**17


def numbers(cells: Cells) -> NDArray[np.float64]:
    """Return the cells as float64."""
    try:
        return _floats(cells)
    except pa.ArrowInvalid:
        # One cell that is no number fails them all: look at each.
        trimmed = pc.utf8_trim(cells, PADDING)
    valid = _matching(trimmed, NUMBER)
    values = np.full(len(cells), np.nan)
    values[valid] = _floats(trimmed.filter(pa.array(valid)))
    return values


def times(cells: Cells) -> NDArray[np.float64]:
    """Return milliseconds UTC, rounded down; ISO 8601 without an offset is UTC."""
    try:
        return _milliseconds(_integers(cells))
    except pa.ArrowInvalid:
        trimmed = pc.utf8_trim(cells, PADDING)
    whole = pc.replace_substring_regex(trimmed, ZERO_FRACTION, "")
    unix, iso = _matching(whole, UNIX), _matching(trimmed, ISO_8601)
    values = np.full(len(cells), np.nan)
    values[unix] = _milliseconds(_integers(whole.filter(pa.array(unix))))
    values[iso] = _moments(trimmed.filter(pa.array(iso)))
    return values


def _floats(cells: Cells) -> NDArray[np.float64]:
    return np.array(pc.cast(cells, pa.float64()), dtype=np.float64)


def _integers(cells: Cells) -> NDArray[np.uint64]:
    # Unsigned, because nineteen digits may be more than int64 holds.
    return np.array(pc.cast(cells, pa.uint64()), dtype=np.uint64)


def _matching(cells: Cells, pattern: str) -> NDArray[np.bool_]:
    found: Any = pc.match_substring_regex(cells, pattern)
    return np.array(found, dtype=np.bool_)


def _milliseconds(unix: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Scale each time by the unit that its size tells, in exact integers."""
    scaled = np.select(
        [unix < SECONDS_BELOW, unix < MILLISECONDS_BELOW, unix < MICROSECONDS_BELOW],
        [unix * 1000, unix, unix // 1000],
        unix // 1_000_000,
    )
    return np.asarray(scaled, dtype=np.float64)


def _moments(cells: Cells) -> NDArray[np.float64]:
    moments = pd.to_datetime(
        pd.Series(cells.to_pylist(), dtype="str"),
        utc=True,
        errors="coerce",
        format="ISO8601",
    )
    values = np.array(moments.dt.as_unit("ms").astype("int64"), dtype=np.float64)
    values[moments.isna().to_numpy()] = np.nan
    return values
