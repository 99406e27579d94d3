"""JSON in: bounded, and only text that every database can hold."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

MAX_BYTES = 1_000_000
# Deeper than any request of ours; what walks the body by recursion must not break.
MAX_DEPTH = 32
TOO_DEEP = f"The body is nested more than {MAX_DEPTH} levels deep."


class RequestTooLarge(APIException):
    """Raised for a body beyond the limit."""

    status_code = 413
    default_detail = f"The body is larger than {MAX_BYTES:,} bytes."
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """JSON of at most ``MAX_BYTES`` whose text is storable Unicode."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise RequestTooLarge
        try:
            parsed = super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(TOO_DEEP) from error
        _check(parsed)
        return parsed


def _check(parsed: Any) -> None:
    """Refuse deep nesting, NUL, which PostgreSQL cannot store, and half characters."""
    pending = [(parsed, 1)]
    while pending:
        value, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise ParseError(TOO_DEEP)
        if isinstance(value, dict):
            pending.extend((key, depth) for key in value)
            pending.extend((item, depth + 1) for item in value.values())
        elif isinstance(value, list):
            pending.extend((item, depth + 1) for item in value)
        elif isinstance(value, str) and not _storable(value):
            raise ParseError("Text must not hold NUL or half a surrogate pair.")


def _storable(text: str) -> bool:
    return (
        text.isascii()
        and "\0" not in text
        or not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)
    )
