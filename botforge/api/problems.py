"""Every failure as ``application/problem+json`` (RFC 9457): the only translation."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from itertools import islice
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from botforge.api.parsers import RequestTooLarge
from botforge.errors import (
    MAX_SENTENCES,
    BotForgeError,
    Conflict,
    FieldError,
    Gone,
    Infeasible,
    InvalidInput,
    NotAvailable,
    NotFound,
    PreconditionFailed,
    QuotaExceeded,
    json_pointer,
)
from botforge.request_id import current_request_id

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
# A body of a megabyte can be wrong in 300,000 places.
MAX_ERRORS = 50
STATUS: dict[type[BotForgeError], int] = {
    InvalidInput: 400,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    PreconditionFailed: 412,
    Infeasible: 422,
    NotAvailable: 422,
    QuotaExceeded: 429,
}

# What Django raises inside a view; the first that fits.
FRAMEWORK: dict[type[Exception], type[exceptions.APIException]] = {
    Http404: exceptions.NotFound,
    PermissionDenied: exceptions.PermissionDenied,
    RequestDataTooBig: RequestTooLarge,
    SuspiciousOperation: exceptions.ParseError,
}


def problem(
    status: int, code: str, detail: str, errors: tuple[FieldError, ...] = ()
) -> dict[str, Any]:
    """Return the body of a problem; ``errors`` names each field that is wrong."""
    body: dict[str, Any] = {
        "type": f"urn:botforge:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": current_request_id(),
    }
    if errors:
        body["errors"] = [
            {"pointer": e.pointer, "code": e.code, "detail": e.detail}
            for e in errors[:MAX_ERRORS]
        ]
    return body


def problem_response(status: int, code: str, detail: str) -> JsonResponse:
    """Return a problem from outside the REST framework (handlers, middleware)."""
    return JsonResponse(
        problem(status, code, detail), status=status, content_type=CONTENT_TYPE
    )


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Turn any exception of an API view into a problem; log what is a bug."""
    set_rollback()
    if isinstance(error, BotForgeError):
        return _respond(_application_problem(error), _retry_after(error))
    for theirs, ours in FRAMEWORK.items():
        if isinstance(error, theirs):
            error = ours()
            break
    if isinstance(error, exceptions.APIException):
        return _respond(_framework_problem(error), _headers(error))
    logger.exception("Unhandled error", exc_info=error)
    return _respond(problem(500, "internal", "Something went wrong on our side."))


def field_errors(error: exceptions.ValidationError) -> tuple[FieldError, ...]:
    """Return what a serializer has found, field by field."""
    return tuple(islice(_flatten(error.detail, ""), MAX_ERRORS))


def _respond(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(body, body["status"], headers=headers, content_type=CONTENT_TYPE)


def _application_problem(error: BotForgeError) -> dict[str, Any]:
    status = next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 400)
    errors = error.errors if isinstance(error, InvalidInput) else ()
    return problem(status, error.code, error.detail, errors) | dict(error.members)


def _framework_problem(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        errors = field_errors(error)
        return problem(400, "invalid", sentences(errors), errors)
    if isinstance(error.detail, dict):  # simplejwt: {"detail": ..., "code": ...}
        detail = str(error.detail.get("detail", error.default_detail))
        code = str(error.detail.get("code", error.default_code))
        return problem(error.status_code, code, detail)
    code = getattr(error.detail, "code", error.default_code)
    return problem(error.status_code, code, str(error.detail))


def _flatten(detail: Any, pointer: str) -> Iterator[FieldError]:
    """Yield one error per message of DRF's nested dicts and lists."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            own = str(key) == api_settings.NON_FIELD_ERRORS_KEY
            yield from _flatten(value, pointer if own else pointer + json_pointer(key))
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from _flatten(value, f"{pointer}/{index}" if nested else pointer)
    else:
        # Django's own forms leave the code out.
        code = getattr(detail, "code", None) or "invalid"
        yield FieldError(pointer, code, str(detail))


def sentences(errors: tuple[FieldError, ...]) -> str:
    """Return the first of the errors in words, each with the name of its field."""
    return " ".join(_sentence(error) for error in errors[:MAX_SENTENCES])


def _sentence(error: FieldError) -> str:
    name = error.pointer.strip("/").replace("/", ".")
    return f"{name}: {error.detail}" if name else error.detail


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if (challenge := getattr(error, "auth_header", None)) is not None:
        headers["WWW-Authenticate"] = str(challenge)
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    return headers


def _retry_after(error: BotForgeError) -> dict[str, str]:
    seconds = error.retry_after if isinstance(error, QuotaExceeded) else None
    return {} if seconds is None else {"Retry-After": str(seconds)}


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem_response(400, "bad_request", "The request could not be understood.")


def permission_denied(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem_response(403, "permission_denied", "You may not do this.")


def page_not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem_response(404, "not_found", f"There is nothing at {request.path}.")


def server_error(request: HttpRequest) -> JsonResponse:
    return problem_response(500, "internal", "Something went wrong on our side.")
