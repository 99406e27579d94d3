"""Reading problem+json in the tests of every app."""

import json
from typing import Any

from django.http import HttpResponse


def problem_of(response: HttpResponse, status: int) -> dict[str, Any]:
    """Return the problem, having checked that it is one of this status."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == status
    assert body["detail"]
    return body


def pointers_of(response: HttpResponse, status: int = 400) -> list[str]:
    """Return the fields that the problem points at, sorted."""
    return sorted({e["pointer"] for e in problem_of(response, status)["errors"]})
