"""Delete the tables of old results to save space."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from rich.markup import escape
from rich.table import Table

from backtests.management.terminal import console_of, whole_days
from backtests.services.retention import Purged, purge_results, purgeable_by_owner
from marketdata.management.choosing import confirm


class Command(BaseCommand):
    help = (
        "Delete equity, trades, fills and plots of results that are older. Metrics, "
        "checks and manifest stay, so that a rerun makes the tables again; pinned "
        "backtests stay whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than",
            type=whole_days,
            required=True,
            metavar="DAYS",
            help="results of backtests that ended longer ago",
        )
        parser.add_argument("--dry-run", action="store_true", help="only show")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> str:
        days = options["older_than"]
        before = timezone.now() - timedelta(days=days)
        shares = purgeable_by_owner(finished_before=before)
        if not shares:
            return f"No result is older than {days} days."
        total = Purged(
            sum(share.results for share in shares.values()),
            sum(share.bytes for share in shares.values()),
        )
        console_of(self.stdout).print(_table(shares, total))
        if options["dry_run"]:
            return "Dry run: nothing was deleted."
        question = f"Delete the tables of {total.results:,} results?"
        confirm(question, yes=options["yes"])
        purged = purge_results(finished_before=before)
        return f"{purged.results:,} results purged, {_size(purged)} freed."


def _table(shares: dict[str, Purged], total: Purged) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("owner")
    table.add_column("results", justify="right")
    table.add_column("size", justify="right")
    for owner, share in shares.items():
        table.add_row(escape(owner), f"{share.results:,}", _size(share))
    table.add_row("[bold]all[/]", f"{total.results:,}", _size(total))
    return table


def _size(purged: Purged) -> str:
    # A terminal wraps at spaces.
    return filesizeformat(purged.bytes).replace("\xa0", " ")
