"""What changes a series other than an import; each leaves an audit line."""

import logging
from collections import Counter
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError

from botforge.errors import Conflict, InvalidInput
from marketdata.merging import OnConflict
from marketdata.models import MaintenanceRecord, Series
from marketdata.repairing import repair_blocks
from marketdata.services.actions import actions_copy
from marketdata.services.scales import scale_check
from marketdata.storage import (
    grade_series,
    lock_series,
    read_candles,
    sum_up,
    write_candles,
)

logger = logging.getLogger(__name__)
Action = MaintenanceRecord.Action


def series_delete(*, series: Series, actor: str) -> MaintenanceRecord:
    """Delete a series and its candles; ``Conflict`` when a backtest needs it."""
    with transaction.atomic():
        outcome = {"bars": series.bars, "content_hash": series.content_hash}
        record = _record(Action.DELETE, series, actor, outcome)
        _remove(series)
    return record


def series_merge(
    *,
    source: Series,
    target: Series,
    on_conflict: OnConflict,
    actor: str,
    keep_source: bool = False,
) -> MaintenanceRecord:
    """Write the candles of one series into another, and delete the first.

    Raises ``InvalidInput`` when the two are not of the same kind, and ``Conflict`` when
    values differ and ``on_conflict`` is FAIL, or when a backtest needs the first.
    """
    _check_alike(source, target)
    with transaction.atomic():
        # In one order, so that two merges cannot wait for each other.
        pair = sorted((source, target), key=lambda series: series.pk)
        locked = {series.pk: lock_series(series) for series in pair}
        source, target = locked[source.pk], locked[target.pk]
        candles = read_candles(source, None, None)
        scale_check(series=target, ohlcv=candles)
        actions_copy(source=source, target=target, on_conflict=on_conflict)
        written = write_candles(target, candles, on_conflict=on_conflict)
        outcome = {
            "source": str(source),
            "new": written.new,
            "changed": written.changed,
            "unchanged": written.unchanged,
            "source_kept": keep_source,
        }
        record = _record(Action.MERGE, target, actor, outcome)
        if not keep_source:
            _remove(source)
    return record


def series_repair(*, series: Series, actor: str) -> MaintenanceRecord:
    """Mend the blocks of a series, count again, and say what was wrong."""
    with transaction.atomic():
        series = lock_series(series)
        damages = repair_blocks(series)
        if any(damage.kind != "old encoding" for damage in damages):
            sum_up(series)
        else:
            grade_series(series)
        outcome = {
            "damaged": dict(Counter(damage.kind for damage in damages)),
            "blocks": [damage.number for damage in damages[:100]],
            "bars_lost": sum(damage.lost for damage in damages),
        }
        return _record(Action.REPAIR, series, actor, outcome)


def series_share(*, series: Series, shared: bool) -> None:
    """Let everybody see a series that has an owner, or the owner alone again."""
    Series.objects.filter(pk=series.pk).update(shared=shared)


def _check_alike(source: Series, target: Series) -> None:
    if source.pk == target.pk:
        raise InvalidInput.field("source", "same_series", "Give two different series.")
    for name in ("timeframe", "adjustment", "anchor_ms"):
        mine, other = getattr(source, name), getattr(target, name)
        if mine != other:
            raise InvalidInput.field(
                "source",
                "other_kind",
                f"The {name} of the two differs ({mine} and {other}): their candles "
                "are not the same thing.",
            )


def _remove(series: Series) -> None:
    try:
        series.delete()
    except ProtectedError as error:
        raise Conflict(
            f"{series} is kept: {_counted(error.protected_objects)} it. Delete what "
            "needs it first.",
            code="series_in_use",
        ) from error


def _counted(needing: set[Model]) -> str:
    """Return a clause such as "3 backtests need"."""
    names = next(iter(needing))._meta
    if len(needing) == 1:
        return f"1 {names.verbose_name} needs"
    return f"{len(needing):,} {names.verbose_name_plural} need"


def _record(
    action: MaintenanceRecord.Action,
    series: Series,
    actor: str,
    outcome: dict[str, Any],
) -> MaintenanceRecord:
    # Not before it has happened: a backtest that needs the series undoes it all.
    said = partial(logger.info, "%s of %s by %s: %s", action, series, actor, outcome)
    transaction.on_commit(said)
    return MaintenanceRecord.objects.create(
        action=action,
        target=f"{series.pk}: {series}"[:100],
        actor=actor,
        outcome=outcome,
    )
