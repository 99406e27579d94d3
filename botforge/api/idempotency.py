"""``Idempotency-Key``: a request that is sent twice is carried out once."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException, ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from botforge.api.permissions import signed_in
from botforge.api.problem_schema import problem
from botforge.idempotency import answer_reserve
from botforge.models import IdempotentAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
MAX_LENGTH = 255
# Of the first answer, what a client acts upon.
KEPT_HEADERS = ("Location",)

IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description=(
        "A name of your own for this request, e.g. a UUID. Sent again within 24 hours "
        f"with the same body, it gets the first answer again with `{REPLAYED}: true`, "
        "and nothing is done twice; with another body or path it gets 422."
    ),
)
IDEMPOTENT_REPLAYED = OpenApiParameter(
    REPLAYED,
    OpenApiTypes.BOOL,
    OpenApiParameter.HEADER,
    description="true when this is the stored answer to an earlier request.",
    response=[200, 201, 202],
)


class KeyReused(APIException):
    """Raised for a key that belongs to another request."""

    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = (
        "This Idempotency-Key was used within the last 24 hours for another request: "
        "give every new request a new key."
    )


def idempotent[**P](
    handler: Callable[Concatenate[Any, Request, P], Response],
) -> Callable[Concatenate[Any, Request, P], Response]:
    """Carry a request with a key out once; stands above ``@action``.

    What the handler writes and the answer are committed together, or neither: an error
    leaves the key free.
    """

    @wraps(handler)
    def answer(
        view: Any, request: Request, /, *args: P.args, **kwargs: P.kwargs
    ) -> Response:
        key = _key(request)
        if key is None:
            return handler(view, request, *args, **kwargs)
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            row, new = answer_reserve(
                owner=signed_in(request), key=key, fingerprint=fingerprint
            )
            if not new:
                return _replay(row, fingerprint)
            response = handler(view, request, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                _keep(row, response)
            return response

    documented: Callable[Concatenate[Any, Request, P], Response] = extend_schema(
        parameters=[IDEMPOTENCY_KEY, IDEMPOTENT_REPLAYED],
        examples=[problem(422, KeyReused.default_code, KeyReused.default_detail)],
    )(answer)
    return documented


def _key(request: Request) -> str | None:
    key: str | None = request.headers.get(HEADER)
    if key is None:
        return None
    if 1 <= len(key) <= MAX_LENGTH and key.isascii() and key.isprintable():
        return key
    raise ParseError(
        f"An {HEADER} has 1 to {MAX_LENGTH} printable ASCII characters.",
        "idempotency_key_invalid",
    )


def _keep(row: IdempotentAnswer, response: Response) -> None:
    row.status = response.status_code
    # As text: PostgreSQL does not keep the order of a JSON object.
    row.body = JSONRenderer().render(response.data).decode()
    row.headers = {k: response[k] for k in KEPT_HEADERS if k in response}
    row.save(update_fields=["status", "body", "headers"])


def _replay(row: IdempotentAnswer, fingerprint: str) -> Response:
    if row.fingerprint != fingerprint:
        raise KeyReused
    body = json.loads(str(row.body)) if row.body else None
    return Response(body, row.status, headers={**row.headers, REPLAYED: "true"})


def _fingerprint(request: Request) -> str:
    """Return a hash of method, path and the meaning of the body.

    Not of its bytes: a form that is sent again has another boundary between its parts.
    """
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    given = request.data
    if isinstance(given, QueryDict):
        for name, values in sorted(given.lists()):
            for value in values:
                digest.update(f"{json.dumps(name)}: {_form_value(value)}\n".encode())
    else:
        digest.update(json.dumps(given, sort_keys=True).encode())
    return digest.hexdigest()


def _form_value(value: str | UploadedFile[bytes]) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    content = hashlib.sha256()
    for chunk in value.chunks():
        content.update(chunk)
    value.seek(0)
    return f"{json.dumps(value.name)} {content.hexdigest()}"
