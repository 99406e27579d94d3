"""Make results again and compare them bit for bit, here and now."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.markup import escape
from rich.table import Table

from backtests.differences import verdict
from backtests.jobs import BUG
from backtests.management.terminal import console_of, whole_days
from backtests.models import Backtest
from backtests.reproduction import Reproduction
from backtests.services.verification import verification_run
from botforge.errors import BotForgeError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verified:
    """One backtest, and how its result compares or why it could not be compared."""

    backtest: Backtest
    found: Reproduction | BotForgeError

    @property
    def outcome(self) -> str:
        if isinstance(self.found, BotForgeError):
            return "failed"
        return str(self.found.outcome)

    @property
    def differs(self) -> bool | None:
        """Say whether other numbers came out; None where none did."""
        if isinstance(self.found, BotForgeError):
            return None
        return any(d["part"] == "numbers" for d in self.found.differences)

    @property
    def sentence(self) -> str:
        if isinstance(self.found, BotForgeError):
            return self.found.detail
        return verdict(self.found.outcome, self.found.differences)

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "backtest": self.backtest.pk,
            "outcome": self.outcome,
            "differs": self.differs,
            "detail": self.sentence,
        }
        if isinstance(self.found, Reproduction):
            shown["differences"] = list(self.found.differences)
        return shown


class Command(BaseCommand):
    help = (
        "Run backtests again from their manifests, without the queue, and compare "
        "every number; ends with 1 if any result could not be had again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, metavar="ID")
        parser.add_argument("--all", action="store_true", help="all that are completed")
        parser.add_argument(
            "--since", type=whole_days, metavar="DAYS", help="those of the last days"
        )
        parser.add_argument("--json", action="store_true", help="one object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        done: list[Verified] = []
        for backtest in _chosen(options):
            done.append(_verify(backtest))
            if options["json"]:
                self.stdout.write(json.dumps(done[-1].as_json()))
        if not options["json"] and done:
            console_of(self.stdout).print(_table(done))
        if wrong := _wrong(done):
            raise CommandError(wrong)
        if not options["json"]:
            self.stdout.write(f"{len(done)} verified, none differs.")


def _chosen(options: dict[str, Any]) -> Iterator[Backtest]:
    """Yield the backtests that the options name, oldest first."""
    if sum((bool(options["ids"]), options["all"], options["since"] is not None)) != 1:
        raise CommandError("Say which: ids of backtests, --since DAYS, or --all.")
    rows = Backtest.objects.select_related("series__instrument", "strategy_version")
    if options["ids"]:
        chosen = rows.filter(pk__in=options["ids"])
        known = set(chosen.values_list("pk", flat=True))
        if missing := [pk for pk in options["ids"] if pk not in known]:
            raise CommandError(f"There is no backtest {missing[0]}.")
    else:
        # A purged result has nothing to compare with: only asked for by its id.
        chosen = rows.filter(
            status=Backtest.Status.COMPLETED, result__purged_at__isnull=True
        )
        if options["since"] is not None:
            began = timezone.now() - timedelta(days=options["since"])
            chosen = chosen.filter(finished_at__gte=began)
    for pk in list(chosen.order_by("pk").values_list("pk", flat=True)):
        if (backtest := rows.filter(pk=pk).first()) is not None:
            yield backtest


def _verify(backtest: Backtest) -> Verified:
    try:
        return Verified(backtest, verification_run(backtest=backtest))
    except BotForgeError as error:
        return Verified(backtest, error)
    except Exception:
        # The others are to be verified all the same.
        logger.exception("Backtest %s could not be made again", backtest.pk)
        return Verified(backtest, BotForgeError(BUG, code="internal"))


def _wrong(done: list[Verified]) -> str | None:
    """Return how many results could not be had again, and how; None if all could."""
    differing = sum(verified.differs is True for verified in done)
    failed = sum(verified.differs is None for verified in done)
    counts = {"differ": differing, "could not be verified": failed}
    parts = [f"{count} {what}" for what, count in counts.items() if count]
    return f"Of {len(done)}, {' and '.join(parts)}." if parts else None


def _table(done: list[Verified]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("id", justify="right")
    for title in ("strategy", "series", "outcome", "what is not the same"):
        table.add_column(title, overflow="fold")
    for verified in done:
        backtest = verified.backtest
        table.add_row(
            str(backtest.pk),
            escape(backtest.library or str(backtest.strategy_version)),
            escape(str(backtest.series)),
            verified.outcome
            if verified.differs is False
            else f"[red]{verified.outcome}[/]",
            escape(verified.sentence),
        )
    return table
