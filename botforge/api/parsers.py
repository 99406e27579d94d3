"""JSON in: bounded, and only text that every database can hold."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

from botforge.errors import FieldError, InvalidInput, json_pointer

# Where a value is: what it is in, and its name or index there.
type Place = tuple[Place | None, object]

MAX_BYTES = 1_000_000
# Deeper than any request of ours; what walks the body by recursion must not break.
MAX_DEPTH = 32
TOO_DEEP = f"The body is nested more than {MAX_DEPTH} levels deep."
TOO_LONG_NUMBER = "A whole number in the body has too many digits."


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
        except ParseError as error:
            # Python's own sentence tells how to set its interpreter.
            if "digits" in str(error.__context__):
                raise ParseError(TOO_LONG_NUMBER) from None
            raise
        _check(parsed)
        return parsed


def _check(parsed: Any) -> None:
    """Refuse deep nesting, NUL, which PostgreSQL cannot store, and half characters."""
    pending: list[tuple[Any, Place | None, int]] = [(parsed, None, 1)]
    while pending:
        value, place, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise ParseError(TOO_DEEP)
        if isinstance(value, dict):
            if not all(map(_storable, value)):
                raise _not_storable(place, "A name in it")
            items: Iterable[tuple[object, Any]] = value.items()
        elif isinstance(value, list):
            items = enumerate(value)
        else:
            if isinstance(value, str) and not _storable(value):
                raise _not_storable(place, "Text")
            continue
        pending.extend((item, (place, key), depth + 1) for key, item in items)


def _not_storable(place: Place | None, what: str) -> InvalidInput:
    parts: list[object] = []
    while place is not None:
        place, part = place
        parts.append(part)
    detail = f"{what} must not hold NUL or half a surrogate pair."
    return InvalidInput(FieldError(json_pointer(*parts[::-1]), "not_storable", detail))


def _storable(text: str) -> bool:
    return (
        text.isascii()
        and "\0" not in text
        or not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)
    )
