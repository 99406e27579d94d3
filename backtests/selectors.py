"""Reading backtests."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from backtests.models import Backtest, BacktestResult
from botforge.errors import Conflict

NO_RESULT = {
    Backtest.Status.FAILED: ("no_result", "The backtest failed, so it has no result."),
    Backtest.Status.CANCELLED: (
        "no_result",
        "The backtest was cancelled, so it has no result.",
    ),
}
NOT_FINISHED = ("not_finished", "The backtest is not finished yet; ask again later.")


type Owner = AbstractBaseUser | AnonymousUser


def backtests_of(user: Owner) -> QuerySet[Backtest]:
    """Return the user's backtests with what their answers show, tables left out."""
    return (
        Backtest.objects.filter(owner=user.pk)
        .select_related("series__instrument", "strategy_version", "result")
        .defer(*(f"result__{table}" for table in BacktestResult.TABLES))
    )


def active_count(user: Owner) -> int:
    return Backtest.objects.filter(owner=user.pk, status__in=Backtest.ACTIVE).count()


def result_of(backtest: Backtest, *tables: str) -> BacktestResult:
    """Return the result with the named tables loaded.

    Raises ``Conflict`` while there is none, and when there will be none.
    """
    result = (
        BacktestResult.objects.filter(backtest=backtest)
        .defer(*(table for table in BacktestResult.TABLES if table not in tables))
        .first()
    )
    if result is None:
        code, detail = NO_RESULT.get(Backtest.Status(backtest.status), NOT_FINISHED)
        raise Conflict(detail, code=code)
    return result
