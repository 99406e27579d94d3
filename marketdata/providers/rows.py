"""What answers have in common, whatever the library."""

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np
from numpy.typing import NDArray

from marketdata.cleaning import RawCandles


def raw_candles(rows: NDArray[np.float64]) -> RawCandles:
    """Return the columns of rows [time, open, high, low, close, volume]."""
    return RawCandles(*(np.ascontiguousarray(rows[:, i]) for i in range(6)))


def retry_after(headers: Mapping[str, Any] | None) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for: a number or a date."""
    value = next(
        (str(v) for k, v in (headers or {}).items() if k.lower() == "retry-after"), ""
    )
    if value.isascii() and value.isdigit() and len(value) < 9:
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def moved(url: str, base: str) -> str:
    """Return the URL at another address, its own path and query kept."""
    if not base:
        return url
    there, path = urlsplit(base), urlsplit(url)
    return urlunsplit(path._replace(scheme=there.scheme, netloc=there.netloc))
