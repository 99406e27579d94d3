"""The headers of requests and answers, declared once for every operation.

A view lists those that it knows: ``@extend_schema(parameters=[IF_MATCH, ETAG])``.
"""

from typing import Any, Literal

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

HEADER: Literal["header"] = "header"

LOCATION = OpenApiParameter(
    "Location",
    OpenApiTypes.URI,
    HEADER,
    response=[201, 202],
    required=True,
    description="Where the new object is.",
)
ETAG = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    HEADER,
    response=[200, 201],
    required=True,
    description="The state that this answer shows; send it back as `If-Match`.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    HEADER,
    description="The ETag you have read; the request fails if there is a newer one.",
)
FILENAME = OpenApiParameter(
    "Content-Disposition",
    OpenApiTypes.STR,
    HEADER,
    response=[200],
    description="A name for the file, where the answer is one.",
)

# Of every answer, and of the statuses that have some of their own; the keys are names
# in components/headers.
EVERYWHERE = {"X-Request-ID": "RequestId"}
BY_STATUS = {
    "401": {"WWW-Authenticate": "Challenge"},
    "429": {"Retry-After": "RetryAfter"},
}
COMPONENTS: dict[str, Any] = {
    "RequestId": {
        "description": "The request's own id, or the one that it was given.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
        "example": "5f0c1c3ad1b44ba5b2f2b6a3c8f4d2a7",
    },
    "Challenge": {
        "description": "How to say who you are.",
        "required": True,
        "schema": {"type": "string"},
        "example": 'Bearer realm="api"',
    },
    "RetryAfter": {
        "description": "Seconds to wait; not given where waiting is no remedy.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 12,
    },
}


def headers_of(status: str) -> dict[str, Any]:
    """Return the headers of every answer with this status."""
    named = EVERYWHERE | BY_STATUS.get(status, {})
    return {
        header: {"$ref": f"#/components/headers/{name}"}
        for header, name in named.items()
    }
