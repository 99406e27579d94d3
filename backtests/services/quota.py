"""What one user may have of the workers: so many at once, so many seconds a day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F
from django.utils import timezone

from backtests.models import Backtest, DailyUsage
from backtests.selectors import active_count
from botforge.errors import QuotaExceeded
from botforge.quotas import Quota

TOO_MANY_ACTIVE = (
    "You have {active} backtests queued or running and ask for {more} more; the limit "
    "is {limit}: wait for some to end, or cancel some."
)
TOO_COSTLY_TODAY = (
    "This would take about {cost} seconds of a worker, and {left} of your "
    "{limit:,} are left for today. They are there again at midnight UTC."
)
NEVER = (
    "This would take about {cost} seconds of a worker, and {limit:,} is the limit "
    "for a whole day: shorten the window."
)


def take_turn(owner: AbstractBaseUser) -> None:
    """Wait for other transactions that store backtests of the user.

    What is counted from here on, nobody else adds to until this transaction ends.
    """
    users = get_user_model()._default_manager.filter(pk=owner.pk)
    list(users.select_for_update(no_key=True).values_list("pk"))


def charge(owner: AbstractBaseUser, backtests: Sequence[Backtest]) -> None:
    """Put new backtests on the user's account; raises ``QuotaExceeded``.

    Call it in the transaction that stores them, after ``take_turn``.
    """
    _charge_cost(owner, sum(backtest.cost for backtest in backtests), len(backtests))
    active, limit = active_count(owner), settings.BACKTESTS_MAX_ACTIVE
    if active + len(backtests) > limit:
        raise QuotaExceeded(
            TOO_MANY_ACTIVE.format(active=active, more=len(backtests), limit=limit),
            code="quota_active",
        )


def user_quotas(user: AbstractBaseUser) -> dict[str, Quota]:
    """Return what of the workers the user may have, and has."""
    day = _today()
    return {
        "active": Quota(settings.BACKTESTS_MAX_ACTIVE, active_count(user)),
        "daily_cost": Quota(
            settings.BACKTESTS_MAX_DAILY_COST or None, _spent(user, day), _end_of(day)
        ),
    }


def _charge_cost(owner: AbstractBaseUser, cost: float, count: int) -> None:
    day, limit = _today(), settings.BACKTESTS_MAX_DAILY_COST
    if limit and cost > limit:
        raise QuotaExceeded(
            NEVER.format(cost=_seconds(cost), limit=limit), code="quota_cost"
        )
    spent = DailyUsage.objects.filter(owner_id=owner.pk, day=day)
    affordable = spent.filter(cost__lte=limit - cost) if limit else spent
    more = {"cost": F("cost") + cost, "backtests": F("backtests") + count}
    if affordable.update(**more):
        return
    if spent.exists():
        left = limit - _spent(owner, day)
        wait = _end_of(day) - timezone.now()
        raise QuotaExceeded(
            TOO_COSTLY_TODAY.format(
                cost=_seconds(cost), left=_seconds(max(left, 0.0)), limit=limit
            ),
            code="quota_cost",
            retry_after=max(1, int(wait.total_seconds()) + 1),
        )
    DailyUsage.objects.create(owner_id=owner.pk, day=day, cost=cost, backtests=count)


def _spent(owner: AbstractBaseUser, day: date) -> float:
    usage = DailyUsage.objects.filter(owner_id=owner.pk, day=day).first()
    return usage.cost if usage else 0.0


def _seconds(seconds: float) -> str:
    return f"{seconds:,.1f}" if seconds >= 1 else f"{seconds:.2g}"


def _today() -> date:
    return timezone.now().astimezone(UTC).date()


def _end_of(day: date) -> datetime:
    """Return the midnight that ends a UTC day."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)
