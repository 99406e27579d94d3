"""Candles, files and series for the tests of market data."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketdata.cleaning import RawCandles
from marketdata.models import Instrument, Series
from marketdata.ohlcv import Ohlcv
from marketdata.storage import write_candles
from marketdata.timeframes import Timeframe

HOUR = 3_600_000
# A Monday, so that weekly bars begin here too.
START = 1_672_617_600_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
HEADER = "timestamp,open,high,low,close,volume"


def candles(bars: int, *, start: int = START, step: int = HOUR, seed: int = 0) -> Ohlcv:
    """Return a random walk without gaps; the same seed gives the same candles."""
    return candles_at(start + step * np.arange(bars, dtype=np.int64), seed)


def candles_at(time: NDArray[np.int64], seed: int = 0) -> Ohlcv:
    random = np.random.default_rng(seed)
    bars = len(time)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, bars)))
    opened = close * (1 + random.normal(0, 0.001, bars))
    high = np.maximum(opened, close) * (1 + random.random(bars) / 100)
    low = np.minimum(opened, close) * (1 - random.random(bars) / 100)
    return Ohlcv(time, opened, high, low, close, random.random(bars) * 1000)


def same(a: Ohlcv, b: Ohlcv) -> bool:
    """Say whether two are equal to the bit; a missing volume equals a missing one."""
    return all(np.array_equal(x, y, equal_nan=True) for x, y in zip(a, b, strict=True))


def raw(**columns: object) -> RawCandles:
    """Return one good hourly row (or as many as given), with columns replaced."""
    given: dict[str, Any] = {
        name: np.atleast_1d(np.asarray(v, float)) for name, v in columns.items()
    }
    rows = max((len(column) for column in given.values()), default=1)
    good = {
        "time": START + HOUR * np.arange(rows, dtype=float),
        "open": np.full(rows, 10.0),
        "high": np.full(rows, 12.0),
        "low": np.full(rows, 9.0),
        "close": np.full(rows, 11.0),
        "volume": np.full(rows, 5.0),
    }
    return RawCandles(**(good | given))


def series_create(
    ohlcv: Ohlcv | None = None,
    *,
    source: str = "binance",
    symbol: str = "BTC/USDT",
    timeframe: str = "1h",
) -> Series:
    """Create a series, with candles if given."""
    instrument, _ = Instrument.objects.get_or_create(source=source, symbol=symbol)
    Timeframe.parse(timeframe)
    series = Series.objects.create(instrument=instrument, timeframe=timeframe)
    if ohlcv is not None:
        write_candles(series, ohlcv)
        series.refresh_from_db()
    return series


def csv_text(ohlcv: Ohlcv) -> str:
    """Return the candles as CSV; ``repr`` of a float is exact."""
    rows = zip(*(column.tolist() for column in ohlcv), strict=True)
    lines = (",".join(map(repr, row)) for row in rows)
    return "\n".join([HEADER, *lines]) + "\n"


def csv_file(folder: Path, ohlcv: Ohlcv, name: str = "candles.csv") -> Path:
    path = folder / name
    path.write_text(csv_text(ohlcv))
    return path
