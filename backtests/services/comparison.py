"""Choosing backtests to compare."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from backtests.comparing import Aligned, Curve, align
from backtests.models import Backtest, Comparison
from backtests.results import table_of
from backtests.selectors import PURGED, backtests_compared
from botforge.errors import Conflict, FieldError, Gone, InvalidInput, NotAvailable
from marketdata.timeframes import Timeframe

NO_COMMON_DATES = (
    "The backtests have {days} in common; to compare them takes at least 2. Choose "
    "windows that overlap."
)
ALL_DELETED = "The backtests of this comparison have all been deleted."


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A comparison with its backtests, in order of id, and their common equity."""

    comparison: Comparison
    backtests: list[Backtest]
    aligned: Aligned


def comparison_create(
    *, owner: AbstractBaseUser, ids: Sequence[int], name: str = ""
) -> Compared:
    """Store the choice of backtests.

    Raises ``InvalidInput`` for ids that are not the owner's, ``Conflict`` for backtests
    without a result, ``Gone`` for one without its tables, and ``NotAvailable`` when
    they have no two days in common.
    """
    found = backtests_compared(owner.pk, ids)
    _refuse_strangers(ids, found)
    _refuse_unfinished(found)
    aligned = _aligned(found)
    with transaction.atomic():
        comparison = Comparison.objects.create(owner_id=owner.pk, name=name)
        comparison.backtests.set(found)
    return Compared(comparison, found, aligned)


def comparison_read(comparison: Comparison) -> Compared:
    """Return the comparison as it is now, without backtests that were deleted.

    Raises ``Gone`` when none is left or one lost its tables.
    """
    ids = [backtest.pk for backtest in comparison.backtests.all()]
    found = backtests_compared(comparison.owner_id, ids)
    if not found:
        raise Gone(ALL_DELETED, code="backtests_deleted")
    return Compared(comparison, found, _aligned(found))


def _aligned(backtests: Sequence[Backtest]) -> Aligned:
    aligned = align([_curve(backtest) for backtest in backtests])
    if (count := len(aligned.days)) < 2:
        days = "1 day" if count else "no day"
        raise NotAvailable(NO_COMMON_DATES.format(days=days), code="no_common_dates")
    return aligned


def _curve(backtest: Backtest) -> Curve:
    if (purged_at := backtest.result.purged_at) is not None:
        detail = f"Backtest {backtest.pk}: {PURGED.format(day=purged_at)}"
        raise Gone(detail, code="result_purged")
    columns = table_of(backtest.result, "equity")
    return Curve(
        time=columns["time"],
        equity=columns["equity"],
        bar_ms=Timeframe.parse(backtest.series.timeframe).ms,
    )


def _refuse_strangers(ids: Sequence[int], found: Sequence[Backtest]) -> None:
    own = {backtest.pk for backtest in found}
    errors = tuple(
        FieldError(
            f"/backtests/{place}", "not_found", "You have no backtest with this id."
        )
        for place, pk in enumerate(ids)
        if pk not in own
    )
    if errors:
        raise InvalidInput(*errors)


def _refuse_unfinished(found: Sequence[Backtest]) -> None:
    active = [str(backtest.pk) for backtest in found if backtest.is_active]
    if active:
        raise Conflict(
            f"Not finished yet: backtest {', '.join(active)}; ask again later.",
            code="not_finished",
        )
    completed = Backtest.Status.COMPLETED
    without = [str(b.pk) for b in found if b.status != completed]
    if without:
        raise Conflict(
            f"Failed or cancelled, so without a result: backtest {', '.join(without)}.",
            code="no_result",
        )
