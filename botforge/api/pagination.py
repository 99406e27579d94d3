"""Lists: cursors, so that a page does not shift while rows are added."""

from collections.abc import Sequence
from typing import Any

from django.core import exceptions
from django.db import DataError
from django.db.models import QuerySet
from rest_framework import pagination
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

MAX_LIMIT, DEFAULT_LIMIT = 200, 50
BAD_CURSOR = "Use the links of the answer before."
LINK = {"type": ["string", "null"], "format": "uri"}
PARAMETERS: dict[str, dict[str, Any]] = {
    "cursor": {
        "description": "From the links of the answer before.",
        "schema": {"type": "string"},
    },
    "limit": {
        "description": "Objects on a page.",
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_LIMIT,
            "default": DEFAULT_LIMIT,
        },
    },
}


class CursorPagination(pagination.CursorPagination):
    """``?limit=`` up to 200 and an opaque ``?cursor=``; newest first."""

    page_size = DEFAULT_LIMIT
    page_size_query_param = "limit"
    max_page_size = MAX_LIMIT
    ordering = "-id"

    def paginate_queryset(
        self,
        queryset: QuerySet[Any] | Sequence[Any],
        request: Request,
        view: APIView | None = None,
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (
            ValueError,
            exceptions.ValidationError,
            DataError,
            NotFound,
        ) as error:
            # The framework compares the position that a cursor holds with a column
            # without a look at it: a forged one, or one from another ordering.
            if self.cursor_query_param in request.query_params:
                raise ValidationError({"cursor": BAD_CURSOR}) from error
            raise

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("limit")
        if given is None:
            return self.page_size
        # The length first: a number of a million digits is not worth parsing.
        if len(given) < 4 and given.isascii() and given.isdigit():
            limit = int(given)
            if 1 <= limit <= MAX_LIMIT:
                return limit
        raise ValidationError({"limit": f"Give a whole number from 1 to {MAX_LIMIT}."})

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": LINK, "previous": LINK, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "query", "required": False, **described}
            for name, described in PARAMETERS.items()
        ]
