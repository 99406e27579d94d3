"""Repair stored candles."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from marketdata.management.choosing import HELP, actor, confirm, series_named
from marketdata.models import Series
from marketdata.services.maintenance import series_repair


class Command(BaseCommand):
    help = (
        "Read every block of candles, verify its hash and counts, and write it anew "
        "where they are wrong; blocks that cannot be read are removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="every series")
        which.add_argument("--series", nargs="+", metavar="SERIES", help=HELP)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = (
            list(Series.objects.select_related("instrument"))
            if options["all"]
            else [series_named(name) for name in options["series"]]
        )
        confirm(f"Repair {len(rows)} series?", yes=options["yes"])
        for series in rows:
            outcome = series_repair(series=series, actor=actor()).outcome
            found = (f"{n} × {kind}" for kind, n in outcome["damaged"].items())
            state = ", ".join(found) or "sound"
            lost = f"; {outcome['bars_lost']:,} bars lost" * bool(outcome["bars_lost"])
            self.stdout.write(f"{series}: {state}{lost}")
