"""OpenAPI: what the generator cannot see, said once for every operation."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import AllowAny

from botforge.api.filter_names import described_filter
from botforge.api.headers import IF_MATCH, headers_of
from botforge.api.operation_ids import operation_id
from botforge.api.problem_schema import (
    CONTENT_TYPE,
    SCHEMA,
    problem_responses,
)
from botforge.api.serializers import ProblemSerializer, StrictSerializer


class ProblemAutoSchema(AutoSchema):
    """Document ids, problems and headers, so that no view need repeat them.

    A view adds the problems that only it knows: see ``problem``.
    """

    def get_operation_id(self) -> str:
        return operation_id(
            self.method,
            self._tokenize_path(),
            is_list=self.method == "GET" and self._is_list_view(),
            is_detail=self.path.rstrip("/").endswith("}"),
        )

    def get_description(self) -> str:  # type: ignore[override] # the library's own signature
        """Leave out what a class says of itself to those who read its code."""
        action = getattr(self.view, "action", None) or self.method.lower()
        return getattr(self.view, action, None).__doc__ or ""

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._get_filter_parameters()  # type: ignore[no-untyped-call] # untyped library
        for parameter in parameters:
            parameter.setdefault("description", described_filter(parameter["name"]))
        return parameters

    def _get_format_parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._get_format_parameters()
        described = "The form of the answer; goes before `Accept`."
        return [{**parameter, "description": described} for parameter in parameters]

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}Page"

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call] # untyped library
        if direction == "request" and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        return schema

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        if direction != "response":
            return responses
        self.resolve_serializer(ProblemSerializer, direction)
        for code, response in responses.items():
            if code >= "400":
                response.setdefault("content", {CONTENT_TYPE: {"schema": SCHEMA}})
            response["headers"] = headers_of(code) | response.get("headers", {})
        problems = problem_responses(self._standard_statuses(), self.get_examples())
        return dict(sorted((problems | responses).items()))

    def _standard_statuses(self) -> list[int]:
        statuses = [400, 406]
        if self.view.throttle_classes:
            statuses.append(429)
        if AllowAny not in self.view.permission_classes:
            statuses.append(401)
        if "{" in self.path:
            statuses.append(404)
        parameters = {parameter["name"] for parameter in self._get_parameters()}
        # Under a key the body is looked at even where none is asked for.
        if "Idempotency-Key" in parameters or self._get_request_body():  # type: ignore[no-untyped-call] # untyped library
            statuses += [413, 415]
        if IF_MATCH.name in parameters:
            statuses.append(412)
        return statuses
