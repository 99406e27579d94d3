"""Bring everything that lost its job back into its queue."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import RedisError
from rich.table import Table

from backtests.management.terminal import console_of
from backtests.services.recovery import recover_backtests
from backtests.services.verification_recovery import recover_verifications
from marketdata.services.import_recovery import recover_imports


class Command(BaseCommand):
    help = (
        "Queue backtests, verifications and imports again whose job is gone, and fail "
        "those that lost it too often. Workers do this by themselves every 15 seconds."
    )

    def handle(self, *args: Any, **options: Any) -> str:
        try:
            found = list(_recovered())
        except RedisError as error:
            raise CommandError("Redis does not answer; see REDIS_URL.") from error
        table = Table(box=None, pad_edge=False)
        table.add_column("")
        for title in ("queued again", "given up"):
            table.add_column(title, justify="right")
        for kind, requeued, failed in found:
            table.add_row(kind, f"{requeued:,}", f"{failed:,}")
        console_of(self.stdout).print(table)
        again = sum(requeued for _, requeued, _ in found)
        given_up = sum(failed for _, _, failed in found)
        return f"{again:,} queued again, {given_up:,} given up."


def _recovered() -> Iterator[tuple[str, int, int]]:
    """Sweep each kind; yield its name and how many were queued again and given up."""
    backtests = recover_backtests()
    yield "backtests", backtests.requeued, backtests.failed
    yield "verifications", *recover_verifications()
    yield "imports", *recover_imports()
