"""Lists that say what is wrong with a query instead of ignoring it."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView

# What every list takes besides its own filters.
COMMON = ("limit", "cursor", "ordering")


class StrictFilters(DjangoFilterBackend):  # type: ignore[misc] # untyped base
    """Name filters that do not exist: a misspelt one would answer with everything."""

    def get_filterset_kwargs(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> dict[str, Any]:
        known = (*view.filterset_class.base_filters, *COMMON)
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            takes = ", ".join(known)
            detail = ErrorDetail(f"Unknown filter; this takes: {takes}.", "unknown")
            raise ValidationError(dict.fromkeys(unknown[:20], detail))
        return dict(super().get_filterset_kwargs(request, queryset, view))


class StrictOrdering(OrderingFilter):
    """Name orderings that do not exist; rows that are equal in one follow by id.

    One field, because a cursor is a position in one.
    """

    def remove_invalid_fields(
        self, queryset: QuerySet[Any], fields: Any, view: APIView, request: Request
    ) -> list[str]:
        valid = [name for name, _ in self.get_valid_fields(queryset, view, {})]
        ordering = str(fields[0])
        if len(fields) != 1 or ordering.removeprefix("-") not in valid:
            raise ValidationError(
                {"ordering": f"Give one of {', '.join(valid)}, or - and its name."}
            )
        return [ordering, "-id" if ordering.startswith("-") else "id"]
