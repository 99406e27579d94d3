"""Delete a series."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from botforge.errors import BotForgeError
from marketdata.management.choosing import HELP, actor, confirm, series_named
from marketdata.services.maintenance import series_delete


class Command(BaseCommand):
    help = "Delete a series with all its candles; one that backtests need is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("series", help=HELP)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> str:
        series = series_named(options["series"])
        question = f"Delete {series} with its {series.bars:,} bars?"
        confirm(question, yes=options["yes"])
        try:
            record = series_delete(series=series, actor=actor())
        except BotForgeError as error:
            raise CommandError(error.detail) from error
        return f"Deleted {record.target}, {record.outcome['bars']:,} bars"
