"""The rows that an import did not store, kept to be looked at."""

import math
from collections.abc import Iterable
from datetime import datetime

from marketdata.cleaning import KEPT_ROWS, MAX_TIME_MS, MIN_TIME_MS, Refused
from marketdata.models import ImportRun, RefusedRow
from marketdata.storage import moment_of


def refused_rows_add(
    *, run: ImportRun, refused: Iterable[Refused], lines: bool = True
) -> None:
    """Keep refused rows with their run, ``KEPT_ROWS`` of one run at most.

    ``lines`` False is for rows that are in no file.
    """
    room = KEPT_ROWS - run.refused.count()
    rows = [_row(run, one, lines=lines) for one in refused]
    RefusedRow.objects.bulk_create(rows[: max(0, room)], batch_size=100)


def _row(run: ImportRun, refused: Refused, *, lines: bool) -> RefusedRow:
    opened, high, low, close, volume = map(_finite, refused.values)
    return RefusedRow(
        run=run,
        reason=refused.reason,
        line=refused.line if lines else None,
        time=_moment(refused.time_ms),
        open=opened,
        high=high,
        low=low,
        close=close,
        volume=volume,
    )


def _finite(value: float) -> float | None:
    """Return None for NaN and infinities, which JSON does not know."""
    return value if math.isfinite(value) else None


def _moment(time_ms: float) -> datetime | None:
    """Return None for a time that no market has seen, as a damaged one is."""
    if not MIN_TIME_MS <= time_ms < MAX_TIME_MS:
        return None
    return moment_of(time_ms)
