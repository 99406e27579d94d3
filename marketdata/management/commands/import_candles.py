"""Import a file of candles."""

from functools import partial
from pathlib import Path
from typing import Any, Never

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from botforge.errors import BotForgeError
from marketdata.merging import OnConflict
from marketdata.models import ImportRun
from marketdata.services.importing import Target, candles_import
from marketdata.timeframes import CODES


class Command(BaseCommand):
    help = "Import a file of candles into a series; running it twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="freqtrade Feather, or CSV")
        parser.add_argument("--symbol", required=True, help="e.g. BTC/USDT")
        parser.add_argument("--timeframe", required=True, help=", ".join(CODES))
        parser.add_argument("--source", required=True, help="exchange, e.g. binance")
        parser.add_argument(
            "--on-conflict",
            choices=[choice.value for choice in OnConflict],
            default=OnConflict.REPLACE.value,
            help="when other values are stored for a candle (default: replace)",
        )

    def handle(self, *args: Any, **options: Any) -> str:
        path: Path = options["file"]
        try:
            target = Target.of(
                options["source"], options["symbol"], options["timeframe"]
            )
            with _bar(path) as bar:
                run = candles_import(
                    path=path,
                    target=target,
                    on_conflict=OnConflict(options["on_conflict"]),
                    progress=partial(_show, bar),
                )
        except BotForgeError as error:
            raise CommandError(error.detail) from error
        except DatabaseError as error:
            raise CommandError(f"The database refused: {error}") from error
        return summary(run)


def _bar(path: Path) -> "tqdm[Never]":
    """Return a progress bar for a terminal, shown only where the work takes a while."""
    return tqdm(unit=" bars", desc=path.name, delay=0.5, leave=False, disable=None)


def _show(bar: "tqdm[Never]", done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)


def summary(run: ImportRun) -> str:
    """Return the import in one line."""
    series = run.series
    refused = ", ".join(f"{n:,} {why}" for why, n in run.rejected.items()) or "none"
    return (
        f"{series} ({run.format}): {run.rows:,} rows, {run.new:,} new, "
        f"{run.changed:,} changed, {run.unchanged:,} unchanged, rejected: {refused}; "
        f"now {series.bars:,} bars, {series.first:%Y-%m-%d %H:%M} to "
        f"{series.last:%Y-%m-%d %H:%M}, {series.gaps} gaps "
        f"({series.missing_bars} bars missing)"
    )
