"""Check stored candles."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from marketdata.management.choosing import HELP, series_named
from marketdata.models import Series
from marketdata.quality import QualityReport
from marketdata.services.quality import series_check


class Command(BaseCommand):
    help = "Check stored candles, store the report, and show each series' grade."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="every series")
        which.add_argument("--series", nargs="+", metavar="SERIES", help=HELP)
        parser.add_argument("--json", action="store_true", help="one object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = (
            list(Series.objects.select_related("instrument"))
            if options["all"]
            else [series_named(name) for name in options["series"]]
        )
        for series in rows:
            report = series_check(series=series)
            if options["json"]:
                found = {"series": series.pk, "name": str(series), **report.as_json()}
                self.stdout.write(json.dumps(found))
            else:
                self.stdout.write(line(series, report))
        if not options["json"]:
            self.stdout.write(f"{len(rows)} series checked.")


def line(series: Series, report: QualityReport) -> str:
    """Return a report in one line: the grade, and what made it."""
    worse = [part for part, grade in report.grades.items() if grade > "A"]
    why = f" for {', '.join(worse)}" if worse else ""
    return (
        f"{report.grade} {series}{why}: {report.bars:,} bars, "
        f"{report.coverage:.2%} of those expected, {report.gaps} gaps "
        f"({report.missing_bars:,} bars), {report.holidays} holidays, "
        f"{report.flat_bars:,} flat, {report.no_volume_bars:,} without volume, "
        f"{report.spikes} spikes, {report.violations} violations"
    )
