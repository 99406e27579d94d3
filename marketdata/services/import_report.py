"""What became of one file."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botforge.errors import BotForgeError
from marketdata.counting import Counts
from marketdata.models import ImportRun
from marketdata.services.actions import ActionsWritten
from marketdata.services.prepared import Prepared
from marketdata.storage import Written

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Report:
    """What became of one file; ``failure`` says why nothing of it was stored.

    ``file`` is its name for people, ``path`` that by which it was given.
    """

    file: str
    path: str = ""
    prepared: Prepared = field(default_factory=Prepared)
    written: Written | None = None
    actions: ActionsWritten = field(default_factory=ActionsWritten)
    run: ImportRun | None = None
    failure: BotForgeError | None = None

    @property
    def changed_nothing(self) -> bool:
        """Say whether everything in the file was stored before."""
        written, actions = self.written, self.actions
        return not (
            written is None
            or written.new
            or written.changed
            or actions.new
            or actions.changed
            or actions.removed
        )

    @property
    def stored(self) -> int:
        """How many candles of the file are now in its series."""
        cleaned = self.prepared.cleaned
        return 0 if cleaned is None or self.written is None else len(cleaned.ohlcv)

    def as_json(self) -> dict[str, Any]:
        """Return the counts under the names of the reference data, and the outcome."""
        prepared = self.prepared
        cleaned, written = prepared.cleaned, self.written
        rejected = cleaned.rejected if cleaned else {}
        series = self.run.series if self.run else None
        return {
            "file": self.path,
            "format": prepared.format,
            "source": prepared.target.source if prepared.target else None,
            "symbol": prepared.symbol,
            "timeframe": prepared.timeframe,
            **_counted(prepared.counts),
            "new": written.new if written else 0,
            "changed": written.changed if written else 0,
            "unchanged": written.unchanged if written else 0,
            "stored": self.stored,
            "rejected": {
                reason: {"rows": rows, "lines": cleaned.lines[reason]}
                for reason, rows in rejected.items()
                if cleaned
            },
            "calendar": series.instrument.calendar if series else prepared.calendar,
            "adjustment": series.adjustment if series else prepared.adjustment,
            "actions": asdict(self.actions),
            "notes": prepared.notes,
            "error": self.failure.detail if self.failure else None,
        }


def _counted(counts: Counts | None) -> dict[str, Any]:
    """Return the counts with times as text; None for each of a file never read."""
    if counts is None:
        return dict.fromkeys((*Counts.NAMES, "first_ts_utc", "last_ts_utc"))
    values = {name: getattr(counts, name) for name in Counts.NAMES}
    return values | {
        "first_ts_utc": _moment(counts.first_ms),
        "last_ts_utc": _moment(counts.last_ms),
    }


def _moment(time_ms: int | None) -> str | None:
    if time_ms is None:
        return None
    try:
        text = (EPOCH + timedelta(milliseconds=time_ms)).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return None
    return f"{text}.{time_ms % 1000:03d}000000Z" if time_ms % 1000 else f"{text}Z"
