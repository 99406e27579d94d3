"""Every answer that a test gets is held against the OpenAPI document.

A status, a media type, a header or a field that the document does not have fails the
test that met it, and so does a request that is carried out although the document
forbids it.
"""

import copy
import gzip
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from jsonschema_rs import Draft202012Validator

type Part = dict[str, Any]

# Headers that a client acts upon; what every HTTP answer has is not worth a word.
TOLD = ("Content-Disposition", "ETag", "Idempotent-Replayed", "Location", "Retry-After")
# At these the document says nothing on its own account: no operation has the method.
UNDOCUMENTED = (405,)
# Where rows have one order only, what a client of other lists may say is left aside.
IGNORED = {"ordering"}
# What fuzzing adds to see whether it does harm.
MADE_UP = "x-schemathesis"
MAX_BODY = 1_000_000


class ContractMiddleware:
    """Raise ``AssertionError`` for an exchange that the document does not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = _json_sent(request)
        response = self.get_response(request)
        operation = contract().operation(request.method or "", request.path)
        if operation is not None and response.status_code not in UNDOCUMENTED:
            wrong = [
                *contract().wrong_answers(operation, response),
                *contract().wrong_requests(operation, request, sent, response),
            ]
            assert not wrong, f"{request.method} {request.path}: " + "; ".join(wrong)
        return response


class Contract:
    """The document, ready to be asked about single messages."""

    def __init__(self, document: Part) -> None:
        self.document = document
        self.components: Part = _strict(document["components"])
        self._validators: dict[str, Draft202012Validator] = {}
        self._paths = [
            (_pattern(path), item)
            # A fixed path goes before one with a variable in the same place.
            for path, item in sorted(document["paths"].items(), key=_variables_last)
        ]

    def operation(self, method: str, path: str) -> Part | None:
        """Return the operation that serves it; HEAD is served by that of GET."""
        name = {"HEAD": "get"}.get(method, method.lower())
        for pattern, item in self._paths:
            if pattern.fullmatch(path):
                return dict(item[name]) if name in item else None
        return None

    def wrong_answers(
        self, operation: Part, response: HttpResponseBase
    ) -> Iterator[str]:
        """Yield what the document does not say of the answer, or says differently."""
        documented = operation["responses"].get(str(response.status_code))
        if documented is None:
            yield f"the document has no status {response.status_code}"
            return
        documented = self.resolve(documented)
        headers = documented.get("headers", {})
        for name in TOLD:
            if response.has_header(name) and name not in headers:
                yield f"the document has no header {name}"
        for name, header in headers.items():
            if self.resolve(header).get("required") and not response.has_header(name):
                yield f"there is no header {name}"
        yield from self._wrong_bodies(documented.get("content", {}), response)

    def wrong_requests(
        self, operation: Part, request: HttpRequest, sent: Any, response: Any
    ) -> Iterator[str]:
        """Yield what was carried out although the document does not have it."""
        if response.status_code >= 300:
            return
        known = {
            p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"
        }
        for name in request.GET.keys() - known - IGNORED:
            if not name.startswith(MADE_UP):
                yield f"the document has no parameter {name}"
        content = operation.get("requestBody", {}).get("content", {})
        if sent is not None and content:
            yield from self.violations(content["application/json"]["schema"], sent)

    def _wrong_bodies(self, content: Part, response: Any) -> Iterator[str]:
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or response.content:
            if media_type not in content:
                yield f"the document has no {media_type or 'body'}"
            elif media_type.endswith("json"):
                schema = content[media_type]["schema"]
                yield from self.violations(schema, json.loads(_content(response)))

    def violations(self, schema: Part, value: Any) -> Iterator[str]:
        """Yield how a value is not what the schema says, unknown fields included."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            self._validators[key] = Draft202012Validator(
                {**_strict(schema), "components": self.components},
                validate_formats=True,
            )
        for error in self._validators[key].iter_errors(value):
            place = "/".join(map(str, error.instance_path))
            yield f"{place or 'the body'}: {error.message[:300]}"

    def resolve(self, part: Part) -> Part:
        """Return what a reference stands for."""
        while "$ref" in part:
            *_, kind, name = part["$ref"].split("/")
            part = self.document["components"][kind][name]
        return part


def _content(response: Any) -> bytes:
    zipped = response.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(response.content) if zipped else bytes(response.content)


@cache
def contract() -> Contract:
    generated = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call] # untyped library
    rendered = OpenApiJsonRenderer().render(generated)
    return Contract(json.loads(rendered))


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{[^/]+\\}", "[^/]+", re.escape(path)))


def _variables_last(item: tuple[str, Any]) -> list[bool]:
    return [part.startswith("{") for part in item[0].split("/")]


def _strict(part: Any) -> Any:
    """Return a copy whose objects have no other fields than the ones that are named."""
    strict = copy.deepcopy(part)
    pending = [strict]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            if "properties" in value and "additionalProperties" not in value:
                value["additionalProperties"] = False
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return strict


def _json_sent(request: HttpRequest) -> Any:
    """Return the JSON that a request carries; None if none, or if it is none."""
    small = int(request.META.get("CONTENT_LENGTH") or 0) < MAX_BODY
    if request.content_type != "application/json" or not small:
        return None
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None
