"""JSON in: bounded, and only text that every database can hold."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

MAX_BYTES = 1_000_000


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
            raise ParseError("The body is nested too deeply.") from error
        _refuse_unstorable_text(parsed)
        return parsed


def _refuse_unstorable_text(parsed: Any) -> None:
    """Refuse NUL, which PostgreSQL cannot store, and halves of surrogate pairs."""
    pending = [parsed]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.keys())
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, str) and not _storable(value):
            raise ParseError("Text must not hold NUL or half a surrogate pair.")


def _storable(text: str) -> bool:
    return (
        text.isascii()
        and "\0" not in text
        or not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)
    )
