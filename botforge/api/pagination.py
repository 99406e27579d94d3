"""Lists: cursors, so that a page does not shift while rows are added."""

from rest_framework import pagination
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

MAX_LIMIT = 200


class CursorPagination(pagination.CursorPagination):
    """``?limit=`` up to 200 and an opaque ``?cursor=``; newest first."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = MAX_LIMIT
    ordering = "-id"

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
