"""Examples in the OpenAPI document: ``EXAMPLES`` of each app's ``api/examples.py``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

APPS = ("botforge", "accounts", "marketdata", "strategies", "backtests")
JSON_TYPE = "application/json"
FORM_TYPE = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Example:
    """What one operation is sent, and what it answers when all is well.

    ``requests`` is JSON by title, where one is not enough; ``answers`` is what other
    media types than JSON hold; ``parameters`` is by name.
    """

    request: Any = None
    response: Any = None
    requests: Mapping[str, Any] = field(default_factory=dict)
    form: Any = None
    answers: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def sent(self) -> dict[str, dict[str, Any]]:
        """Return bodies of requests by title, by media type."""
        titled = {**_titled(self.request), **self.requests}
        return {JSON_TYPE: titled, FORM_TYPE: _titled(self.form)}

    def answered(self) -> dict[str, dict[str, Any]]:
        """Return bodies of answers by title, by media type."""
        texts = {media: _titled(text) for media, text in self.answers.items()}
        return {JSON_TYPE: _titled(self.response), **texts}


def all_examples() -> dict[str, Example]:
    """Return the examples of every app by operation id."""
    found: dict[str, Example] = {}
    for app in APPS:
        if find_spec(f"{app}.api.examples"):
            found |= import_module(f"{app}.api.examples").EXAMPLES
    return found


def _titled(value: Any) -> dict[str, Any]:
    return {} if value is None else {"example": value}
