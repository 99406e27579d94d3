"""Reading strategies."""

import difflib

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet, Subquery

from botforge.errors import NotFound
from strategies.models import Strategy, StrategyVersion


def strategies_with_code() -> QuerySet[Strategy]:
    """Return every strategy, each with the ``code`` of its current version."""
    current = StrategyVersion.objects.filter(
        strategy=OuterRef("pk"), number=OuterRef("version")
    )
    return Strategy.objects.annotate(code=Subquery(current.values("code")))


def strategies_of(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Strategy]:
    """Return the user's strategies, each with the ``code`` of its current version."""
    return strategies_with_code().filter(owner=user.pk)


def strategy_version(strategy: Strategy, number: int | None = None) -> StrategyVersion:
    """Return one version, the current one for None; raises ``NotFound``."""
    wanted = strategy.version if number is None else number
    version = strategy.versions.filter(number=wanted).first()
    if version is None:
        raise NotFound(
            f"There is no version {wanted} of this strategy; "
            f"its versions are 1 to {strategy.version}."
        )
    return version


def strategy_diff(strategy: Strategy, number: int) -> str:
    """Return what changed since the version, as a unified diff; "" for nothing.

    Raises ``NotFound``.
    """
    old, new = strategy_version(strategy, number), strategy_version(strategy)
    lines = difflib.unified_diff(
        old.code.splitlines(),
        new.code.splitlines(),
        fromfile=f"version {old.number}",
        tofile=f"version {new.number}",
        lineterm="",
    )
    return "\n".join(lines)
