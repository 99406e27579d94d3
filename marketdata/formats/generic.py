"""CSV with a header that names the columns."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from botforge.errors import InvalidInput
from marketdata.cleaning import RawCandles

TIME_NAMES = ("time", "timestamp", "date", "datetime", "open_time", "unix")
VALUE_NAMES = ("open", "high", "low", "close", "volume")
DELIMITERS = (",", ";", "\t")
# Seconds up to 1e11 (the year 5138), then milliseconds, microseconds, nanoseconds.
UNIT_LIMITS = ((1e11, 1e3), (1e14, 1.0), (1e17, 1e-3), (np.inf, 1e-6))


class GenericCsv:
    """Columns by name in any order and letter case; others are ignored.

    Times are open times: Unix numbers whose unit is told by their size, or ISO 8601
    text, which is UTC where it carries no offset.
    """

    name = "generic_csv"

    def matches(self, head: bytes) -> bool:
        header = _header(head)
        return header is not None and _time_column(header[1]) is not None

    def read(self, path: Path) -> RawCandles:
        with path.open("rb") as file:
            header = _header(file.readline(10_000))
        if header is None:
            raise _unusable("its first line is not a header")
        delimiter, names = header
        time_name = _time_column(names)
        missing = [name for name in VALUE_NAMES if name not in names]
        if time_name is None or missing:
            raise _unusable(f"its header lacks {', '.join(missing) or 'a time column'}")
        try:
            table = pd.read_csv(
                path,
                sep=delimiter,
                header=0,
                names=names,
                usecols=[time_name, *VALUE_NAMES],
                index_col=False,
                low_memory=False,
                on_bad_lines="error",
            )
        except (ValueError, pd.errors.ParserError) as error:
            raise _unusable(
                "its lines do not have the columns of its header"
            ) from error
        return RawCandles(
            _times(table[time_name]), *(_numbers(table[name]) for name in VALUE_NAMES)
        )


def _header(head: bytes) -> tuple[str, list[str]] | None:
    """Return the delimiter and lower-case names of the first line, if it has any."""
    try:
        line = head.split(b"\n", 1)[0].decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return None
    delimiter = max(DELIMITERS, key=line.count)
    names = [name.strip().strip('"').lower() for name in line.split(delimiter)]
    if "\0" in line or len(names) < len(VALUE_NAMES) + 1:
        return None
    return (delimiter, names) if len(set(names)) == len(names) else None


def _time_column(names: list[str]) -> str | None:
    return next((name for name in TIME_NAMES if name in names), None)


def _numbers(column: "pd.Series[float]") -> NDArray[np.float64]:
    numbers = pd.to_numeric(column, errors="coerce")
    return np.asarray(numbers, dtype=np.float64)


def _times(column: "pd.Series[float]") -> NDArray[np.float64]:
    """Return milliseconds UTC; NaN where a cell is no time."""
    numbers = _numbers(column)
    if np.isfinite(numbers).any():
        return _milliseconds(numbers)
    moments = pd.to_datetime(column, utc=True, errors="coerce", format="ISO8601")
    times = np.array(moments.dt.as_unit("ms").astype("int64"), dtype=np.float64)
    times[moments.isna().to_numpy()] = np.nan
    return times


def _milliseconds(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale each number by the unit that its size tells."""
    limits = np.array([limit for limit, _ in UNIT_LIMITS])
    factors = np.array([factor for _, factor in UNIT_LIMITS])
    size = np.where(np.isfinite(numbers), np.abs(numbers), 0)
    unit = np.searchsorted(limits, size, side="right")
    milliseconds: NDArray[np.float64] = np.rint(numbers * factors[unit])
    return milliseconds


def _unusable(why: str) -> InvalidInput:
    return InvalidInput.field(
        "file",
        "not_candles",
        f"This CSV file does not hold candles: {why}. It needs a header with "
        f"one of {', '.join(TIME_NAMES)} and {', '.join(VALUE_NAMES)}.",
    )
