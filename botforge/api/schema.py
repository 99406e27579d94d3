"""OpenAPI: what the generator cannot see, said once for every operation."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import AllowAny

from botforge.api.problems import CONTENT_TYPE
from botforge.api.serializers import ProblemSerializer

DESCRIPTIONS = {
    "400": "The request is malformed; `errors` names each field and the remedy.",
    "401": "No access token, or one that is not valid any more.",
    "404": "No such object, or not yours.",
    "429": "Too many requests; `Retry-After` says when to come back.",
}


class ProblemAutoSchema(AutoSchema):
    """Document the problems that every operation can answer with."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        if direction != "response":
            return responses
        component = self.resolve_serializer(ProblemSerializer, direction)
        content = {CONTENT_TYPE: {"schema": component.ref}}
        for code in self._problem_codes():
            responses.setdefault(
                code, {"description": DESCRIPTIONS[code], "content": content}
            )
        return dict(sorted(responses.items()))

    def _problem_codes(self) -> list[str]:
        codes = ["400", "429"]
        if AllowAny not in self.view.permission_classes:
            codes.append("401")
        if "{" in self.path:
            codes.append("404")
        return codes
