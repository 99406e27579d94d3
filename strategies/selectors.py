"""Reading strategies."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet, Subquery

from botforge.errors import NotFound
from strategies.models import Strategy, StrategyVersion


def strategies_of(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Strategy]:
    """Return the user's strategies, each with the ``code`` of its current version."""
    current = StrategyVersion.objects.filter(
        strategy=OuterRef("pk"), number=OuterRef("version")
    )
    return Strategy.objects.filter(owner=user.pk).annotate(
        code=Subquery(current.values("code"))
    )


def strategy_version(strategy: Strategy, number: int | None = None) -> StrategyVersion:
    """Return one version, the current one for None; raises ``NotFound``."""
    wanted = strategy.version if number is None else number
    version = strategy.versions.filter(number=wanted).first()
    if version is None:
        raise NotFound(
            f"There is no version {wanted} of this strategy; "
            f"the versions are 1 to {strategy.version}."
        )
    return version
