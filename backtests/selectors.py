"""Reading backtests."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from backtests.models import Backtest, BacktestResult, Comparison, Verification
from botforge.errors import Conflict, Gone, NotFound
from marketdata.models import Series

NO_RESULT = {
    Backtest.Status.FAILED: ("no_result", "The backtest failed, so it has no result."),
    Backtest.Status.CANCELLED: (
        "no_result",
        "The backtest was cancelled, so it has no result.",
    ),
}
PURGED = (
    "The tables of this result were deleted on {day:%Y-%m-%d} to save space; its "
    "metrics and manifest are still there. Rerun the backtest to have them again."
)
NOT_FINISHED = ("not_finished", "The backtest is not finished yet; ask again later.")

UNSHOWN = (
    *("job_id", "run_key", "asked_start", "asked_end"),
    *(f"result__{column}" for column in ("manifest", "open_trade", "counters")),
    *(f"strategy_version__{column}" for column in ("code", "source_hash")),
    "strategy_version__created_at",
    *(f"series__instrument__{column}" for column in ("calendar", "created_at")),
    *(
        f"series__{field.attname}"
        for field in Series._meta.concrete_fields
        if field.name not in ("id", "instrument", "timeframe")
    ),
)

type Owner = AbstractBaseUser | AnonymousUser


def backtests_of(user: Owner) -> QuerySet[Backtest]:
    """Return the user's backtests with what their answers show, tables left out."""
    return (
        Backtest.objects.filter(owner=user.pk)
        .select_related("series__instrument", "strategy_version", "result")
        .defer(*(f"result__{table}" for table in BacktestResult.TABLES))
    )


def backtests_shown(user: Owner) -> QuerySet[Backtest]:
    """Return the user's backtests with no more than an answer shows of them.

    A statement takes as long to put together as it has columns; a client that waits
    for a result asks for the row again and again.
    """
    return backtests_of(user).defer(*UNSHOWN)


def backtests_compared(owner_id: UUID, ids: Iterable[int]) -> list[Backtest]:
    """Return the owner's of these ids, in order of id, with the stored equity."""
    others = (table for table in BacktestResult.TABLES if table != "equity")
    return list(
        Backtest.objects.filter(owner=owner_id, pk__in=ids)
        .select_related("series__instrument", "strategy_version", "result")
        .defer(*(f"result__{table}" for table in others))
        .order_by("pk")
    )


def comparisons_of(user: Owner) -> QuerySet[Comparison]:
    """Return the user's comparisons with the ids of their backtests, ascending."""
    members = Backtest.objects.only("pk").order_by("pk")
    return Comparison.objects.filter(owner=user.pk).prefetch_related(
        Prefetch("backtests", queryset=members)
    )


def queue_positions(backtests: Iterable[Backtest]) -> dict[int, int]:
    """Return the places in the queue, from 1, of those that are queued: one query.

    Everybody's backtests count; what is queued again after a crash keeps its place.
    """
    asked = [b.pk for b in backtests if b.status == Backtest.Status.QUEUED]
    if not asked:
        return {}
    ahead = Backtest.objects.filter(status=Backtest.Status.QUEUED, pk__lte=max(asked))
    if len(asked) == 1:
        return {asked[0]: max(ahead.count(), 1)}
    place = Window(RowNumber(), order_by=F("pk").asc())
    # The alternative, which never holds, keeps the filter from being applied before
    # the rows are numbered.
    numbered = ahead.order_by().annotate(place=place)
    shown = numbered.filter(Q(place=0) | Q(pk__in=asked))
    places = dict(shown.values_list("pk", "place"))
    # One that has been taken since it was read was the next.
    return {pk: places.get(pk, 1) for pk in asked}


def active_count(user: Owner) -> int:
    return Backtest.objects.filter(owner=user.pk, status__in=Backtest.ACTIVE).count()


def result_of(backtest: Backtest, *tables: str) -> BacktestResult:
    """Return the result with the named tables loaded.

    Raises ``Conflict`` while there is none, and when there will be none, and ``Gone``
    when its tables were purged and one of them is asked for.
    """
    result = (
        BacktestResult.objects.filter(backtest=backtest)
        .defer(*(table for table in BacktestResult.TABLES if table not in tables))
        .first()
    )
    if result is None:
        code, detail = NO_RESULT.get(Backtest.Status(backtest.status), NOT_FINISHED)
        raise Conflict(detail, code=code)
    if tables:
        refuse_purged(result)
    return result


def refuse_purged(result: BacktestResult) -> None:
    """Raise ``Gone`` for a result without its tables."""
    if result.purged_at is not None:
        raise Gone(PURGED.format(day=result.purged_at), code="result_purged")


def verification_of(backtest: Backtest) -> Verification:
    """Return the latest verification; raises ``NotFound`` before the first."""
    verification = Verification.objects.filter(pk=backtest.pk).first()
    if verification is None:
        raise NotFound(
            "This backtest has not been verified yet: POST to its verify/ first."
        )
    return verification
