"""Files into series."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from django.db import transaction

from botforge.errors import InvalidInput
from marketdata.cleaning import Cleaned, RawCandles, clean
from marketdata.formats.detection import detect
from marketdata.merging import OnConflict
from marketdata.models import ImportRun, Instrument, Series
from marketdata.storage import Progress, Written, write_candles
from marketdata.timeframes import CODES, Timeframe


@dataclass(frozen=True, slots=True)
class Target:
    """The series that a file belongs to."""

    source: str
    symbol: str
    timeframe: Timeframe

    @classmethod
    def of(cls, source: str, symbol: str, timeframe: str) -> "Target":
        """Check the names; ``InvalidInput`` names the one that does not fit."""
        for name, value in (("source", source), ("symbol", symbol)):
            if not value or len(value) > 40 or not value.isprintable():
                raise InvalidInput.field(
                    name, "invalid_name", f"Give a {name} of 1 to 40 characters."
                )
        return cls(source.lower(), symbol.upper(), Timeframe.parse(timeframe))


def candles_import(
    *,
    path: Path,
    target: Target,
    on_conflict: OnConflict = OnConflict.REPLACE,
    progress: Progress | None = None,
) -> ImportRun:
    """Store a file's candles, all or nothing; return what was read and stored.

    Raises ``InvalidInput`` when the file holds no candles of the timeframe, and
    ``Conflict`` as ``write_candles`` does.
    """
    candle_format = detect(path)
    raw = candle_format.read(path)
    _check_spacing(raw, target.timeframe)
    cleaned = clean(raw, target.timeframe, _now_ms())
    if len(cleaned.ohlcv) == 0:
        raise InvalidInput.field("file", "no_candles", _nothing_left(cleaned))
    with transaction.atomic():
        series = _series(target)
        written = write_candles(
            series, cleaned.ohlcv, on_conflict=on_conflict, progress=progress
        )
        return _record(series, path, candle_format.name, cleaned, written)


def _series(target: Target) -> Series:
    instrument, _ = Instrument.objects.get_or_create(
        source=target.source, symbol=target.symbol
    )
    series, _ = Series.objects.get_or_create(
        instrument=instrument, timeframe=target.timeframe.code
    )
    return series


def _record(
    series: Series, path: Path, format_name: str, cleaned: Cleaned, written: Written
) -> ImportRun:
    series.refresh_from_db()
    return ImportRun.objects.create(
        series=series,
        origin=path.name[-255:],
        format=format_name,
        rows=cleaned.rows,
        new=written.new,
        changed=written.changed,
        unchanged=written.unchanged,
        rejected=cleaned.rejected,
        revision=series.revision,
    )


def _check_spacing(raw: RawCandles, timeframe: Timeframe) -> None:
    """Refuse a file whose bars are plainly of another timeframe."""
    steps = np.abs(np.diff(raw.time))
    steps = steps[np.isfinite(steps) & (steps > 0)]
    if len(steps) == 0:
        return
    usual = int(np.median(steps))
    other = next((c for c in CODES if Timeframe.parse(c).ms == usual), None)
    if usual != timeframe.ms and other is not None:
        raise InvalidInput.field(
            "timeframe",
            "other_timeframe",
            f"The file's bars are {other} apart, not {timeframe}; "
            f"import it as timeframe {other}.",
        )


def _nothing_left(cleaned: Cleaned) -> str:
    if not cleaned.rows:
        return "The file has a header but no candles."
    reasons = ", ".join(f"{n} {reason}" for reason, n in cleaned.rejected.items())
    return f"None of the {cleaned.rows} rows is a candle: {reasons}."


def _now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)
