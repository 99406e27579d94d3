"""What a user may have and has: each app says it of its own, ``me/`` shows it all.

The apps import the project, not the other way round: so the settings name them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Quota:
    """``used`` of ``limit``, None being no limit, until ``resets_at`` if ever."""

    limit: float | None
    used: float
    resets_at: datetime | None = None


def quotas_of(user: AbstractBaseUser) -> dict[str, Quota]:
    """Return the user's quotas by name, of every app that has some."""
    quotas: dict[str, Quota] = {}
    for path in settings.QUOTA_PROVIDERS:
        provided: Mapping[str, Quota] = import_string(path)(user)
        quotas |= provided
    return quotas
