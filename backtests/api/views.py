"""Backtests over REST."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from backtests.api.filters import BacktestFilter
from backtests.api.serializers import (
    BacktestCreateSerializer,
    BacktestSerializer,
    BacktestUpdateSerializer,
    FillSerializer,
    MetricDefinitionSerializer,
    PointsSerializer,
    TradeSerializer,
)
from backtests.downsampling import keep_extremes
from backtests.engine import METRICS
from backtests.models import Backtest
from backtests.results import fill_dicts, table_of, trade_dicts
from backtests.selectors import backtests_of, result_of
from backtests.services.request import BacktestRequest
from backtests.services.submission import (
    backtest_cancel,
    backtest_create,
    backtest_delete,
    backtest_update,
)
from botforge.api.columns import ColumnarSerializer, columnar
from botforge.api.listing import StrictFilters, StrictOrdering
from botforge.api.permissions import signed_in
from botforge.api.rows import page_of_rows, page_serializer

PAGE = [
    OpenApiParameter("limit", int, description="Rows per page, up to 200."),
    OpenApiParameter("cursor", str, description="From the links of the answer before."),
]


@extend_schema(tags=["backtests"])
@extend_schema_view(
    list=extend_schema(summary="List your backtests"),
    retrieve=extend_schema(summary="Show a backtest"),
    destroy=extend_schema(summary="Delete a backtest that is over"),
)
class BacktestViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Backtest],
):
    serializer_class = BacktestSerializer
    filterset_class = BacktestFilter
    filter_backends = (StrictFilters, StrictOrdering)
    # Only what is never equal or absent: a cursor is a position in one column.
    ordering_fields = ("id", "queued_at")
    ordering = ("-id",)
    queryset = Backtest.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Backtest]:
        return backtests_of(self.request.user)

    @extend_schema(
        summary="Submit a backtest",
        request=BacktestCreateSerializer,
        responses={202: BacktestSerializer},
    )
    def create(self, request: Request) -> Response:
        shape = BacktestCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        backtest = backtest_create(
            owner=signed_in(request), request=BacktestRequest(**shape.validated_data)
        )
        url = reverse("backtest-detail", [backtest.pk], request=request)
        return Response(self._shown(backtest), 202, headers={"Location": url})

    @extend_schema(
        summary="Change name, tags or notes",
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

    @extend_schema(
        summary="Closed trades",
        parameters=PAGE,
        responses=page_serializer(TradeSerializer),
    )
    @action(detail=True, filterset_class=None)
    def trades(self, request: Request, pk: str) -> Response:
        result = result_of(self.get_object(), "trades")
        columns = table_of(result, "trades")
        page = page_of_rows(
            request, len(columns["side"]), lambda a, b: trade_dicts(columns, a, b)
        )
        return Response({**page, "open_trade": result.open_trade})

    @extend_schema(
        summary="Fills", parameters=PAGE, responses=page_serializer(FillSerializer)
    )
    @action(detail=True, filterset_class=None)
    def fills(self, request: Request, pk: str) -> Response:
        columns = table_of(result_of(self.get_object(), "fills"), "fills")
        return Response(
            page_of_rows(
                request, len(columns["side"]), lambda a, b: fill_dicts(columns, a, b)
            )
        )

    @extend_schema(
        summary="Equity at each bar's close",
        parameters=[PointsSerializer],
        responses=ColumnarSerializer,
    )
    @action(detail=True, filterset_class=None)
    def equity(self, request: Request, pk: str) -> Response:
        query = PointsSerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        columns = table_of(result_of(self.get_object(), "equity"), "equity")
        points = query.validated_data.get("points", len(columns["equity"]))
        kept = keep_extremes(columns["equity"], points)
        return Response(columnar({name: c[kept] for name, c in columns.items()}))

    @extend_schema(
        summary="All that is needed to make the result again",
        responses={(200, "application/json"): dict},
    )
    @action(detail=True, filterset_class=None)
    def manifest(self, request: Request, pk: str) -> Response:
        return Response(result_of(self.get_object()).manifest)

    def _shown(self, backtest: Backtest) -> dict[str, Any]:
        return dict(self.get_serializer(backtest).data)


class MetricDefinitionsView(APIView):
    @extend_schema(
        summary="What every metric means",
        tags=["backtests"],
        responses=MetricDefinitionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(MetricDefinitionSerializer(METRICS.values(), many=True).data)
