"""Lists that say what is wrong with a query instead of ignoring it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.forms import ChoiceField, SelectMultiple
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView

from botforge.api.queries import query_of

# What every list takes besides its own filters.
COMMON = ("limit", "cursor", "ordering")


class StrictFilters(DjangoFilterBackend):  # type: ignore[misc] # untyped base
    """Name filters that do not exist, or have no value, or more than one.

    Left aside they would answer with everything.
    """

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        filterset = getattr(view, "filterset_class", None)
        if filterset is None and view.action != "list":
            return queryset  # The action knows what it takes.
        filters = filterset.base_filters if filterset else {}
        known = (*filters, *COMMON)
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            takes = getattr(filterset, "takes", ", ".join(known))
            detail = ErrorDetail(f"Unknown filter; this takes: {takes}.", "unknown")
            raise ValidationError(dict.fromkeys(unknown[:20], detail))
        query_of(request.query_params, lists=_lists(filters))
        if not any(name in filters for name in request.query_params):
            return queryset  # Building a hundred filters takes milliseconds.
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered

    def get_filterset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> Any:
        filterset = super().get_filterset(request, queryset, view)
        for field in filterset.form.fields.values():
            if isinstance(field, ChoiceField):
                choices: Any = field.choices
                known = ", ".join(str(key) for key, _ in choices if key)
                message = f'Give one of {known}, not "%(value)s".'
                field.error_messages["invalid_choice"] = message
        return filterset


def _lists(filters: Mapping[str, Any]) -> list[str]:
    """Return the names of filters that take several values: ``tag=a&tag=b``."""
    return [
        n
        for n, f in filters.items()
        if issubclass(f.field_class.widget, SelectMultiple)
    ]


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

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = list(view.ordering_fields)
        schema = {"type": "string", "enum": [*names, *(f"-{name}" for name in names)]}
        described = "By what the rows are ordered; - stands for downwards."
        return [
            {
                "name": self.ordering_param,
                "in": "query",
                "required": False,
                "description": described,
                "schema": schema,
            }
        ]
