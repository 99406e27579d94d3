"""Strategies over HTTP."""

from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import mixins
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from botforge.api.headers import ETAG, IF_MATCH, LOCATION
from botforge.api.listing import StrictFilters, StrictOrdering
from botforge.api.problem_schema import problem
from strategies.api.diagnosing import with_diagnostics
from strategies.api.etags import etag_of, revisions_accepted
from strategies.api.filters import StrategyFilter
from strategies.api.serializers import StrategySerializer
from strategies.models import Strategy
from strategies.selectors import strategies_of
from strategies.services import strategy_create, strategy_delete, strategy_update

IN_USE = problem(
    409, "in_use", "Backtests refer to this strategy: delete those first, or keep it."
)
INVALID_CODE = problem(400, "invalid_code", "code: There is no name smaa.")
EMPTY = OpenApiResponse(description="Deleted.")


@extend_schema(tags=["strategies"])
@extend_schema_view(list=extend_schema(summary="Your strategies"))
class StrategyViewSet(mixins.ListModelMixin, GenericViewSet[Strategy]):
    serializer_class = StrategySerializer
    filterset_class = StrategyFilter
    filter_backends = (StrictFilters, StrictOrdering)
    ordering_fields = ("id", "name", "created_at", "updated_at")
    ordering = ("-id",)
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Strategy]:
        return strategies_of(self.request.user)

    @extend_schema(summary="One strategy with its current code", parameters=[ETAG])
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(self.get_object())

    @extend_schema(
        summary="Store a strategy", parameters=[ETAG, LOCATION], examples=[INVALID_CODE]
    )
    def create(self, request: Request) -> Response:
        strategy = strategy_create(
            owner=cast(AbstractBaseUser, request.user), **self._given(request)
        )
        response = self._answer(strategy, status=201)
        url = reverse("strategy-detail", [strategy.pk], request=request)
        response["Location"] = url
        return response

    @extend_schema(
        summary="Replace a strategy",
        parameters=[IF_MATCH, ETAG],
        examples=[INVALID_CODE],
    )
    def update(self, request: Request, pk: str) -> Response:
        return self._change(request, partial=False)

    @extend_schema(
        summary="Change a strategy",
        description="A code that differs from the current one becomes a new version.",
        parameters=[IF_MATCH, ETAG],
        examples=[INVALID_CODE],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        return self._change(request, partial=True)

    @extend_schema(
        summary="Delete a strategy and its versions",
        parameters=[IF_MATCH],
        responses={204: EMPTY},
        examples=[IN_USE],
    )
    def destroy(self, request: Request, pk: str) -> Response:
        strategy = self.get_object()
        strategy_delete(strategy=strategy, revisions=revisions_accepted(request))
        return Response(status=204)

    def _change(self, request: Request, *, partial: bool) -> Response:
        strategy = self.get_object()
        stored = strategy if partial else None
        strategy = strategy_update(
            strategy=strategy,
            fields=self._given(request, stored),
            revisions=revisions_accepted(request),
        )
        return self._answer(strategy)

    def _given(self, request: Request, stored: Strategy | None = None) -> Any:
        """Return the fields; ``stored`` has those that a partial change leaves out."""
        partial = stored is not None
        serializer = self.get_serializer(data=request.data, partial=partial)
        try:
            serializer.is_valid(raise_exception=True)
        except ValidationError as error:
            raise with_diagnostics(error, request.data, stored) from None
        return serializer.validated_data

    def _answer(self, strategy: Strategy, status: int = 200) -> Response:
        data = self.get_serializer(strategy).data
        return Response(data, status, headers={"ETag": etag_of(strategy)})
