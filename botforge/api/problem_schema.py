"""Problems in the OpenAPI document: which an operation answers, and how they look."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiExample

from botforge.api.headers import headers_of

CONTENT_TYPE = "application/problem+json"
SCHEMA = {"$ref": "#/components/schemas/Problem"}
REQUEST_ID = "5f0c1c3ad1b44ba5b2f2b6a3c8f4d2a7"

# What many operations answer: status -> code -> a sentence that a client may read.
STANDARD: Mapping[int, Mapping[str, str]] = {
    400: {"invalid": "limit: Give a whole number from 1 to 200."},
    401: {
        "not_authenticated": "Authentication credentials were not provided.",
        "token_not_valid": "Given token not valid for any token type",
    },
    404: {"not_found": "No such object, or not yours."},
    406: {"not_acceptable": "Could not satisfy the request Accept header."},
    412: {"precondition_failed": "It has changed since you read it: read it again."},
    413: {"too_large": "The body is larger than 1,000,000 bytes."},
    415: {"unsupported_media_type": 'Unsupported media type "text/plain" in request.'},
    429: {"throttled": "Request was throttled. Expected available in 12 seconds."},
}
DESCRIPTIONS = {
    400: "The request is malformed; `errors` names each field and the remedy.",
    401: "No access token, or one that is not valid any more.",
    404: "No such object, or not yours.",
    406: "`Accept` leaves no media type that there is.",
    412: "`If-Match` names a state that is no longer the current one.",
    413: "The body is too large.",
    415: "The body is of a media type that is not taken here.",
    429: "Too many requests; `Retry-After` says when to come back.",
}


def problem(status: int, code: str, detail: str) -> OpenApiExample:
    """Declare that an operation can answer a problem, besides what all of them can.

    ``@extend_schema(examples=[problem(409, "not_finished", "...")])`` on a view adds it
    to every method; on a method, to that one.
    """
    return OpenApiExample(
        code,
        value=_body(status, code, detail),
        response_only=True,
        status_codes=[str(status)],
        media_type=CONTENT_TYPE,
    )


def problem_responses(
    standard: Iterable[int], declared: Iterable[OpenApiExample]
) -> dict[str, Any]:
    """Return response objects by status: references for what is the same everywhere."""
    responses: dict[str, Any] = {
        str(status): {"$ref": f"#/components/responses/{_name(status)}"}
        for status in standard
    }
    for example in declared:
        if example.media_type != CONTENT_TYPE:
            continue
        body: Any = example.value
        code, status = str(body["code"]), int(body["status"])
        known = responses.get(str(status), {})
        if "content" not in known:
            known = _standard(status) if known else _response(status, "", {})
            responses[str(status)] = known
        known["content"][CONTENT_TYPE]["examples"][code] = {"value": body}
        listed = f"{known['description']}\n- `{code}`: {body['detail']}"
        known["description"] = listed.strip()
    return responses


def standard_responses() -> dict[str, Any]:
    """Return components/responses."""
    return {_name(status): _standard(status) for status in STANDARD}


def _standard(status: int) -> dict[str, Any]:
    bodies = {
        code: _body(status, code, text) for code, text in STANDARD[status].items()
    }
    return _response(status, DESCRIPTIONS[status], bodies)


def _response(
    status: int, description: str, bodies: Mapping[str, Any]
) -> dict[str, Any]:
    examples = {code: {"value": body} for code, body in bodies.items()}
    return {
        "headers": headers_of(str(status)),
        "content": {CONTENT_TYPE: {"schema": SCHEMA, "examples": examples}},
        "description": description,
    }


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def _body(status: int, code: str, detail: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"urn:botforge:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": REQUEST_ID,
    }
    field, colon, sentence = detail.partition(": ")
    if status == 400 and colon:
        error = {"pointer": f"/{field}", "code": code, "detail": sentence}
        body["errors"] = [error]
    return body
