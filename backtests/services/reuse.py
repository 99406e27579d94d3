"""Answering with a result that is there: equal run keys, equal results."""

from collections.abc import Sequence
from functools import cache

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.utils import timezone

from backtests.engine import ENGINE_VERSION
from backtests.ledger import refresh_trials
from backtests.models import Backtest, BacktestResult
from backtests.services.execution import STAGES


def known_results(owner: AbstractBaseUser, keys: Sequence[str]) -> dict[str, Backtest]:
    """Return the owner's newest completed backtest of each key with a whole result.

    They are locked: until the transaction ends, nobody deletes or purges them.
    """
    completed = Backtest.objects.filter(
        owner_id=owner.pk, status=Backtest.Status.COMPLETED, run_key__in=keys
    )
    locked = list(completed.order_by("pk").select_for_update())
    # Asked again now that they are locked: one may have been purged just before.
    whole = set(
        BacktestResult.objects.filter(
            pk__in=[backtest.pk for backtest in locked], purged_at=None
        ).values_list("pk", flat=True)
        if locked
        else ()
    )
    return {backtest.run_key: backtest for backtest in locked if backtest.pk in whole}


def complete_from(backtest: Backtest, known: Backtest) -> None:
    """Make the unsaved backtest a completed one that shares the known one's result."""
    now = timezone.now()
    backtest.status = Backtest.Status.COMPLETED
    backtest.cached_from = known
    backtest.run_key = known.run_key
    backtest.bars = known.bars
    backtest.cost = 0
    backtest.stages_done = len(STAGES)
    backtest.engine_version = ENGINE_VERSION
    backtest.started_at = backtest.finished_at = now


def copy_results(backtests: Sequence[Backtest]) -> None:
    """Give each the result of the one it is ``cached_from``, inside the database.

    Call it in the transaction of ``known_results``.
    """
    ids = [backtest.pk for backtest in backtests]
    with connection.cursor() as cursor:
        cursor.execute(_copy_statement(len(ids)), ids)
        if cursor.rowcount != len(ids):
            raise RuntimeError("a locked result has vanished")
    shown = BacktestResult.objects.defer(*BacktestResult.TABLES).in_bulk(ids)
    for backtest in backtests:
        backtest.result = shown[backtest.pk]
    refresh_trials(backtests)


@cache
def _copy_statement(count: int) -> str:
    """Return the INSERT for so many backtests; names come from the models alone."""
    quote = connection.ops.quote_name
    result, backtest = BacktestResult._meta, Backtest._meta
    key = quote(str(result.pk.column))
    columns = [
        quote(str(f.column)) for f in result.concrete_fields if not f.primary_key
    ]
    return (
        f"INSERT INTO {quote(result.db_table)} ({key}, {', '.join(columns)}) "  # noqa: S608 - see above
        f"SELECT copy.id, {', '.join(f'known.{c}' for c in columns)} "
        f"FROM {quote(backtest.db_table)} copy "
        f"JOIN {quote(result.db_table)} known ON known.{key} = copy.cached_from_id "
        f"WHERE known.purged_at IS NULL "
        f"AND copy.id IN ({', '.join(['%s'] * count)})"
    )
