"""Files into series."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from django.db import transaction

from botforge.errors import InvalidInput
from marketdata.cleaning import Cleaned, RawCandles, clean, time_is_sane
from marketdata.formats.detection import detect
from marketdata.merging import OnConflict
from marketdata.models import ImportRun, Instrument, Series
from marketdata.storage import Progress, Written, write_candles
from marketdata.timeframes import CODES, Timeframe

# The share of steps from which the usual one is the file's timeframe.
REGULAR = 0.9
# Fewer steps than this may be gaps that happen to be alike.
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Target:
    """The series that a file belongs to."""

    source: str
    symbol: str
    timeframe: Timeframe

    @classmethod
    def of(cls, source: str, symbol: str, timeframe: str) -> "Target":
        """Check the names; ``InvalidInput`` names the one that does not fit."""
        # Changed first, because letters such as ß grow when their case changes.
        names = {"source": source.strip().lower(), "symbol": symbol.strip().upper()}
        for name, value in names.items():
            if not value or len(value) > 40 or not value.isprintable():
                raise InvalidInput.field(
                    name, "invalid_name", f"Give a {name} of 1 to 40 characters."
                )
        return cls(**names, timeframe=Timeframe.parse(timeframe))


def candles_import(
    *,
    path: Path,
    target: Target,
    on_conflict: OnConflict = OnConflict.REPLACE,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> ImportRun:
    """Store a file's candles, all or nothing; return what was read and stored.

    A bar that is not over at ``now`` (None: at this moment) is not stored. Raises
    ``InvalidInput`` when the file holds no candles of the timeframe, and ``Conflict``
    as ``write_candles`` does.
    """
    candle_format = detect(path)
    raw = candle_format.read(path)
    _check_spacing(raw, target.timeframe)
    moment = datetime.now(UTC) if now is None else now
    cleaned = clean(raw, target.timeframe, int(moment.timestamp() * 1000))
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
        # A file name may hold bytes that are not text.
        origin=os.fsencode(path.name).decode(errors="replace")[-255:],
        format=format_name,
        rows=cleaned.rows,
        new=written.new,
        changed=written.changed,
        unchanged=written.unchanged,
        rejected=cleaned.rejected,
        revision=series.revision,
    )


def _check_spacing(raw: RawCandles, timeframe: Timeframe) -> None:
    """Refuse a file whose bars are plainly of another timeframe.

    Wide steps alone prove nothing: where trades are rare, most bars are missing.
    """
    steps = np.abs(np.diff(raw.time[time_is_sane(raw.time)]))
    steps = steps[steps > 0]
    if len(steps) == 0:
        return
    usual = np.median(steps)
    apart = {Timeframe.parse(code).ms: code for code in CODES}.get(int(usual))
    regular = (steps % usual == 0).mean() > REGULAR
    telling = len(steps) >= ENOUGH or apart is not None
    if usual < timeframe.ms or (usual > timeframe.ms and regular and telling):
        remedy = f"; import it as timeframe {apart}" if apart else ""
        raise InvalidInput.field(
            "timeframe",
            "other_timeframe",
            f"The file's bars are {apart or f'{usual / 1000:g} seconds'} apart, "
            f"not {timeframe}{remedy}.",
        )


def _nothing_left(cleaned: Cleaned) -> str:
    if not cleaned.rows:
        return "The file holds no candles."
    reasons = ", ".join(f"{n} {reason}" for reason, n in cleaned.rejected.items())
    return f"None of the {cleaned.rows} rows is a candle: {reasons}."
