"""Pages of rows that lie in arrays, not in tables."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from botforge.api.pagination import BAD_CURSOR, PARAMETERS, CursorPagination

# What documents the parameters that a page of rows takes.
PAGE = [
    OpenApiParameter(name, described["schema"], description=described["description"])
    for name, described in PARAMETERS.items()
]

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


def page_serializer(
    row: type[serializers.Serializer[Any]], **others: serializers.BaseSerializer[Any]
) -> Any:
    """Return the documentation of a page of such rows, and of what else is on it."""
    return type(
        f"{row.__name__.removesuffix('Serializer')}PageSerializer",
        (serializers.Serializer,),
        {
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
            **others,
        },
    )


def _start(request: Request) -> int:
    given = request.query_params.get("cursor", "0")
    if len(given) < 12 and given.isascii() and given.isdigit():
        return int(given)
    raise ValidationError({"cursor": BAD_CURSOR})


def _link(request: Request, start: int) -> str:
    return replace_query_param(request.build_absolute_uri(), "cursor", str(start))
