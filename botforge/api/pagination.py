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

MAX_LIMIT = 200


class CursorPagination(pagination.CursorPagination):
    """``?limit=`` up to 200 and an opaque ``?cursor=``; newest first."""

    page_size = 50
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
        except (ValueError, exceptions.ValidationError, DataError) as error:
            # The framework compares the position that a cursor holds with a column
            # without a look at it: a forged one, or one from another ordering.
            if self.cursor_query_param in request.query_params:
                raise NotFound("Invalid cursor") from error
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
