"""How long tables of results are kept: they are nearly all of the space."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Length
from django.utils import timezone

from backtests.models import Backtest, BacktestResult

# Rows of one transaction: short enough not to be waited for.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Purged:
    """How many results lost their tables, and the bytes that those took."""

    results: int
    bytes: int


def purge_results(*, finished_before: datetime, dry_run: bool = False) -> Purged:
    """Delete the tables of results that are older; pinned ones stay whole.

    Row, metrics, checks and manifest stay, so that the result can be made again.
    ``dry_run`` only counts.
    """
    due = _purgeable(finished_before)
    size = sum(Length(F(table)) for table in BacktestResult.TABLES)
    if dry_run:
        total = due.aggregate(bytes=Sum(size))["bytes"]
        return Purged(due.count(), total or 0)
    results = freed = 0
    while ids := list(due.values_list("pk", flat=True)[:BATCH]):
        done = _purge(ids, finished_before, size)
        results, freed = results + done.results, freed + done.bytes
    return Purged(results, freed)


def purgeable_by_owner(*, finished_before: datetime) -> dict[str, Purged]:
    """Return what ``purge_results`` would delete, by owner, most bytes first."""
    size = sum(Length(F(table)) for table in BacktestResult.TABLES)
    shares = (
        _purgeable(finished_before)
        .values_list("backtest__owner__email")
        .annotate(results=Count("pk"), bytes=Sum(size))
        .order_by("-bytes", "backtest__owner__email")
    )
    return {owner: Purged(results, taken) for owner, results, taken in shares}


def purge_outdated_results() -> Purged:
    """Purge what is older than ``RESULTS_KEEP_DAYS``; 0 keeps everything."""
    days = settings.RESULTS_KEEP_DAYS
    if not days:
        return Purged(0, 0)
    return purge_results(finished_before=timezone.now() - timedelta(days=days))


def _purgeable(finished_before: datetime) -> QuerySet[BacktestResult]:
    return BacktestResult.objects.filter(
        purged_at=None,
        backtest__pinned=False,
        backtest__finished_at__lt=finished_before,
    )


def _purge(ids: list[int], finished_before: datetime, size: object) -> Purged:
    with transaction.atomic():
        # Locked, so that nobody can pin one between the look and the deletion.
        rows = Backtest.objects.filter(pk__in=ids).order_by("pk").select_for_update()
        list(rows.values_list("pk", flat=True))
        due = _purgeable(finished_before).filter(pk__in=ids)
        total = due.aggregate(bytes=Sum(size))["bytes"]
        empty = dict.fromkeys(BacktestResult.TABLES, b"")
        return Purged(due.update(purged_at=timezone.now(), **empty), total or 0)
