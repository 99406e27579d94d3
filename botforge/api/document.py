"""The last touches to the OpenAPI document: shared components, and the examples."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from botforge.api.example import Example, all_examples
from botforge.api.headers import COMPONENTS
from botforge.api.problem_schema import standard_responses

type Part = dict[str, Any]


def add_components(result: Part, generator: SchemaGenerator, **options: Any) -> Part:
    """Add the headers and the problems that operations refer to."""
    result["components"] |= {"headers": COMPONENTS, "responses": standard_responses()}
    return result


def add_examples(result: Part, generator: SchemaGenerator, **options: Any) -> Part:
    """Give each operation the examples that its app has for its id."""
    examples = all_examples()
    for operation in operations(result):
        if example := examples.get(operation["operationId"]):
            _add(operation, example)
    return result


def operations(document: Part) -> Iterator[Part]:
    """Yield every operation of the document."""
    for item in document["paths"].values():
        yield from item.values()


def successes(operation: Part) -> Iterator[Part]:
    """Yield the answers of an operation that is carried out."""
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            yield response


def _add(operation: Part, example: Example) -> None:
    _fill(operation.get("requestBody", {}), example.sent())
    for response in successes(operation):
        _fill(response, example.answered())
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example.parameters:
            parameter["example"] = example.parameters[parameter["name"]]


def _fill(message: Part, bodies: dict[str, dict[str, Any]]) -> None:
    """Put the bodies where the view itself has declared none."""
    for media_type, content in message.get("content", {}).items():
        if titled := bodies.get(media_type):
            shown = {title: {"value": value} for title, value in titled.items()}
            content.setdefault("examples", shown)
