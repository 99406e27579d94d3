"""What goes along when users are deleted: counted, not loaded.

The admin would load every row that refers to a user, megabytes of results and candles
among them, to print one line for each.
"""

from collections import Counter
from collections.abc import Sequence

from django.contrib.admin import AdminSite
from django.contrib.auth import get_permission_codename
from django.db import router
from django.db.models import Model, ProtectedError, QuerySet, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpRequest

from accounts.models import User

type Deleted = tuple[list[str], dict[str, int], set[str], list[str]]


def deleted_with(
    users: Sequence[User] | QuerySet[User], request: HttpRequest, site: AdminSite
) -> Deleted:
    """Return what the admin's page shows: the users, how many rows of each kind go
    with them, the kinds that ``request`` may not delete, and what stands in the way.
    """
    collector = Collector(using=router.db_for_write(User))
    try:
        collector.collect(users)
    except ProtectedError as error:
        return [], {}, set(), [str(row) for row in error.protected_objects]
    except RestrictedError as error:
        return [], {}, set(), [str(row) for row in error.restricted_objects]
    counts = _counts(collector)
    shown = {str(m._meta.verbose_name_plural): n for m, n in counts.items()}
    refused = {
        str(model._meta.verbose_name)
        for model in counts
        if site.is_registered(model) and not _may(request, model)
    }
    return [str(user) for user in users], shown, refused, []


def _counts(collector: Collector) -> Counter[type[Model]]:
    counts: Counter[type[Model]] = Counter()
    for model, loaded in collector.data.items():
        counts[model] += len(loaded)
    for query in collector.fast_deletes:
        if isinstance(query, QuerySet) and (count := query.count()):
            counts[query.model] += count
    return counts


def _may(request: HttpRequest, model: type[Model]) -> bool:
    options = model._meta
    codename = get_permission_codename("delete", options)
    return request.user.has_perm(f"{options.app_label}.{codename}")
