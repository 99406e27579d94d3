"""The OpenAPI document is complete: what a generated client cannot know, it says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from botforge.api.example import all_examples
from botforge.openapi import TAGS
from botforge.tests.contract import Part, contract

OPERATIONS: list[tuple[str, str, Part]] = [
    (method, path, operation)
    for path, item in contract().document["paths"].items()
    for method, operation in item.items()
]
PROBLEM = {"application/problem+json"}
# Answers with several new objects.
WITHOUT_LOCATION = {"create_backtests"}
GENERIC = re.compile("_(list|retrieve|create|update|partial_update|destroy)$")

every_operation = pytest.mark.parametrize(
    ("method", "path", "operation"),
    OPERATIONS,
    ids=[operation["operationId"] for _, _, operation in OPERATIONS],
)


def responses_of(operation: Part) -> Iterator[tuple[str, Part]]:
    for status, response in operation["responses"].items():
        yield status, contract().resolve(response)


def bodies_of(operation: Part) -> Iterator[tuple[str, str, Part]]:
    """Yield every body with where it is: request or status, and media type."""
    request = operation.get("requestBody", {}).get("content", {})
    yield from (("request", media_type, body) for media_type, body in request.items())
    for status, response in responses_of(operation):
        for media_type, body in response.get("content", {}).items():
            yield status, media_type, body


@every_operation
def test_it_says_what_it_is_for(method: str, path: str, operation: Part) -> None:
    assert operation.get("summary")
    assert len(operation["tags"]) == 1
    assert operation["tags"][0] in TAGS


@every_operation
def test_a_generated_client_gets_a_good_name_for_it(
    method: str, path: str, operation: Part
) -> None:
    name = operation["operationId"]

    assert re.fullmatch("[a-z]+(_[a-z]+)*", name)
    assert not GENERIC.search(name)


def test_the_names_are_unique() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]

    assert len(names) == len(set(names))


@every_operation
def test_it_names_every_status_that_its_kind_can_answer(
    method: str, path: str, operation: Part
) -> None:
    parameters = {p["name"]: p for p in operation.get("parameters", ())}
    expected = {"400", "406"}
    if operation["tags"] != ["health"]:
        expected |= {"429"}
    if {} not in operation.get("security", [{}]):
        expected |= {"401"}
    if any(p["in"] == "path" for p in parameters.values()):
        expected |= {"404"}
    if "requestBody" in operation:
        expected |= {"413", "415"}
    if "If-Match" in parameters:
        expected |= {"412"}
    if "Idempotency-Key" in parameters:
        expected |= {"422"}

    assert expected <= operation["responses"].keys()


@every_operation
def test_its_failures_are_problems(method: str, path: str, operation: Part) -> None:
    for status, response in responses_of(operation):
        if status >= "400" and (path, status) != ("/api/v1/health/ready/", "503"):
            assert response["content"].keys() == PROBLEM
            (content,) = response["content"].values()
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}


@every_operation
def test_its_headers_are_named(method: str, path: str, operation: Part) -> None:
    parameters = {p["name"] for p in operation.get("parameters", ())}
    for status, response in responses_of(operation):
        headers = response["headers"].keys()
        assert "X-Request-ID" in headers
        assert ("Retry-After" in headers) == (status == "429")
        assert ("WWW-Authenticate" in headers) == (status == "401")
        if status == "202" and operation["operationId"] not in WITHOUT_LOCATION:
            assert "Location" in headers
        if status.startswith("2") and "If-Match" in parameters and method != "delete":
            assert "ETag" in headers
        if status.startswith("2") and "Idempotency-Key" in parameters:
            assert "Idempotent-Replayed" in headers


@every_operation
def test_every_body_has_an_example_that_is_one(
    method: str, path: str, operation: Part
) -> None:
    for where, media_type, body in bodies_of(operation):
        if body["schema"].get("format") == "binary":
            continue
        examples = body.get("examples", {})
        assert examples, f"{where}, {media_type}: no example"
        for title, example in examples.items():
            wrong = list(contract().violations(body["schema"], example["value"]))
            assert not wrong, f"{where}, {media_type}, {title}: {wrong}"


@every_operation
def test_the_example_of_a_problem_has_its_status(
    method: str, path: str, operation: Part
) -> None:
    for where, media_type, body in bodies_of(operation):
        for code, example in body.get("examples", {}).items():
            if media_type in PROBLEM:
                assert str(example["value"]["status"]) == where
                assert example["value"]["code"] == code


@every_operation
def test_its_parameters_are_described(method: str, path: str, operation: Part) -> None:
    for parameter in operation.get("parameters", ()):
        assert parameter.get("description") or parameter["in"] == "path", parameter


def test_no_example_is_left_over() -> None:
    names = {operation["operationId"] for _, _, operation in OPERATIONS}

    assert all_examples().keys() <= names


def test_no_component_has_a_name_that_was_made_up() -> None:
    for name in contract().document["components"]["schemas"]:
        assert not re.search(r"[0-9A-F][0-9a-f]{2}Enum$|_", name), name


def test_nothing_is_left_of_an_older_openapi() -> None:
    def walk(part: Any) -> None:
        assert not (isinstance(part, dict) and part.get("nullable") is True), part
        children = part.values() if isinstance(part, dict) else part
        for child in children if isinstance(part, dict | list) else ():
            walk(child)

    walk(contract().document)
