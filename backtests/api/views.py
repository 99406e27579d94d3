"""Backtests over REST."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from backtests.api.filters import BacktestFilter
from backtests.api.problems import STILL_ACTIVE, SUBMITTING
from backtests.api.serializers import (
    BacktestCreateSerializer,
    BacktestSerializer,
    BacktestUpdateSerializer,
    BulkCreateSerializer,
    RerunSerializer,
    SubmittedSerializer,
)
from backtests.models import Backtest
from backtests.querying import ORDERINGS
from backtests.selectors import backtests_of, backtests_shown
from backtests.services.request import BacktestRequest
from backtests.services.submission import (
    backtest_cancel,
    backtest_create,
    backtest_delete,
    backtest_rerun,
    backtest_update,
    backtests_create,
)
from botforge.api.headers import LOCATION
from botforge.api.idempotency import idempotent
from botforge.api.keyset import KeysetOrdering, KeysetPagination
from botforge.api.listing import StrictFilters
from botforge.api.permissions import signed_in

# One for all answers: to build its hundred fields takes longer than to use them.
SHOWN = BacktestSerializer()


@extend_schema(tags=["backtests"])
@extend_schema_view(
    list=extend_schema(summary="List your backtests"),
    retrieve=extend_schema(summary="Show a backtest"),
    destroy=extend_schema(
        summary="Delete a backtest that is over", examples=[STILL_ACTIVE]
    ),
)
class BacktestViewSet(
    mixins.ListModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Backtest],
):
    serializer_class = BacktestSerializer
    filterset_class = BacktestFilter
    filter_backends = (StrictFilters, KeysetOrdering)
    pagination_class = KeysetPagination
    keys = ORDERINGS
    ordering_fields = tuple(ORDERINGS)
    ordering = ("-id",)
    queryset = Backtest.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Backtest]:
        shows = self.action in ("retrieve", "list")
        return (backtests_shown if shows else backtests_of)(self.request.user)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self._shown(self.get_object()))

    @extend_schema(
        summary="Submit a backtest",
        request=BacktestCreateSerializer,
        responses={202: BacktestSerializer},
        parameters=[LOCATION],
        examples=SUBMITTING,
    )
    @idempotent
    def create(self, request: Request) -> Response:
        shape = BacktestCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        backtest = backtest_create(
            owner=signed_in(request), request=BacktestRequest(**shape.validated_data)
        )
        url = reverse("backtest-detail", [backtest.pk], request=request)
        return Response(self._shown(backtest), 202, headers={"Location": url})

    @extend_schema(
        operation_id="create_backtests",
        summary="Submit up to 100 backtests, all or none",
        description="An error's pointer begins with the place: /backtests/3/series.",
        request=BulkCreateSerializer,
        responses={202: SubmittedSerializer},
        examples=SUBMITTING,
    )
    @idempotent
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        shape = BulkCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given = shape.validated_data["backtests"]
        backtests = backtests_create(
            owner=signed_in(request), requests=[BacktestRequest(**one) for one in given]
        )
        return Response(SubmittedSerializer({"backtests": backtests}).data, 202)

    @extend_schema(
        summary="Run a backtest again on today's candles",
        description=(
            "The same version of the strategy, with the same parameters and rules and "
            "under the same name. A window that was left open ends with the candles "
            "of today."
        ),
        request=RerunSerializer,
        responses={202: BacktestSerializer},
        parameters=[LOCATION],
        examples=SUBMITTING,
    )
    @idempotent
    @action(detail=True, methods=["post"])
    def rerun(self, request: Request, pk: str) -> Response:
        shape = RerunSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        again = backtest_rerun(
            backtest=self.get_object(), cache=shape.validated_data["cache"]
        )
        url = reverse("backtest-detail", [again.pk], request=request)
        return Response(self._shown(again), 202, headers={"Location": url})

    @extend_schema(
        summary="Change name, tags or notes, or pin the result",
        request=BacktestUpdateSerializer,
        responses=BacktestSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        shape = BacktestUpdateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        backtest = backtest_update(
            backtest=self.get_object(), changes=shape.validated_data
        )
        return Response(self._shown(backtest))

    def perform_destroy(self, instance: Backtest) -> None:
        backtest_delete(backtest=instance)

    @extend_schema(summary="Cancel a backtest", request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        backtest_cancel(backtest=self.get_object())
        return Response(self._shown(self.get_object()))

    def _shown(self, backtest: Backtest) -> dict[str, Any]:
        return dict(SHOWN.to_representation(backtest))
