"""Pages of rows that lie in arrays, not in tables."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from botforge.api.pagination import CursorPagination

type Slice = Callable[[int, int], list[dict[str, Any]]]


def page_of_rows(request: Request, total: int, rows: Slice) -> dict[str, Any]:
    """Return ``{count, next, previous, results}``; ``rows(start, stop)`` makes them.

    The same parameters as every list: ``limit`` and ``cursor``.
    """
    limit = CursorPagination().get_page_size(request)
    start = _start(request)
    return {
        "count": total,
        "next": _link(request, start + limit) if start + limit < total else None,
        "previous": _link(request, max(0, start - limit)) if start else None,
        "results": rows(start, start + limit),
    }


def page_serializer(row: type[serializers.Serializer[Any]]) -> Any:
    """Return the documentation of a page of such rows."""
    return type(
        f"{row.__name__.removesuffix('Serializer')}PageSerializer",
        (serializers.Serializer,),
        {
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )


def _start(request: Request) -> int:
    given = request.query_params.get("cursor", "0")
    if len(given) < 12 and given.isascii() and given.isdigit():
        return int(given)
    raise ValidationError({"cursor": "Use the links of the answer before."})


def _link(request: Request, start: int) -> str:
    return replace_query_param(request.build_absolute_uri(), "cursor", str(start))
