"""Merge one series into another."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from botforge.errors import BotForgeError
from marketdata.management.choosing import HELP, actor, confirm, series_named
from marketdata.merging import OnConflict
from marketdata.services.maintenance import series_merge


class Command(BaseCommand):
    help = "Write the candles of one series into another and delete the first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help=HELP)
        parser.add_argument("target", help=HELP)
        parser.add_argument(
            "--on-conflict",
            choices=[choice.value for choice in OnConflict],
            default=OnConflict.FAIL.value,
            help="where both have other values (default: fail)",
        )
        parser.add_argument("--keep", action="store_true", help="keep the first")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> str:
        source = series_named(options["source"])
        target = series_named(options["target"])
        then = "" if options["keep"] else " and delete it"
        confirm(f"Merge {source} into {target}{then}?", yes=options["yes"])
        try:
            record = series_merge(
                source=source,
                target=target,
                on_conflict=OnConflict(options["on_conflict"]),
                keep_source=options["keep"],
                actor=actor(),
            )
        except BotForgeError as error:
            raise CommandError(error.detail) from error
        counts = (f"{record.outcome[n]:,} {n}" for n in ("new", "changed", "unchanged"))
        return f"Merged into {record.target}: {', '.join(counts)}"
