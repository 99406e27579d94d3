"""Export candles to a file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from botforge.errors import BotForgeError
from marketdata.management.choosing import HELP, series_named
from marketdata.services.exporting import FORMATS, series_export
from marketdata.timeframes import CODES


class Command(BaseCommand):
    help = "Write a series to a file that import_candles takes back unchanged."

    def add_arguments(self, parser: CommandParser) -> None:
        endings = ", ".join(f".{name}" for name in FORMATS)
        parser.add_argument("series", help=HELP)
        parser.add_argument("file", type=Path, help=f"ends in {endings}")
        parser.add_argument("--start", type=moment, help="UTC, e.g. 2024-01-31")
        parser.add_argument("--end", type=moment, help="UTC; itself not included")
        parser.add_argument("--timeframe", choices=CODES, help="resampled up to it")
        parser.add_argument("--overwrite", action="store_true")

    def handle(self, *args: Any, **options: Any) -> str:
        path: Path = options["file"]
        if path.exists() and not options["overwrite"]:
            raise CommandError(f"{path} is there already; replace it with --overwrite.")
        series = series_named(options["series"])
        try:
            bars = series_export(
                series=series,
                path=path,
                start=options["start"],
                end=options["end"],
                timeframe=options["timeframe"],
            )
        except (BotForgeError, OSError) as error:
            raise CommandError(str(error)) from error
        return f"{bars:,} bars of {series} written to {path}"


def moment(text: str) -> datetime:
    """Return an ISO date or date and time; UTC where no zone is given."""
    given = datetime.fromisoformat(text)
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
