"""Backtests side by side, over REST."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from backtests.api.comparison_serializers import (
    ComparisonCreateSerializer,
    ComparisonDetailSerializer,
    ComparisonSerializer,
    comparison_shown,
)
from backtests.api.problems import TABLES_PURGED
from backtests.api.result_serializers import PointsSerializer
from backtests.models import Comparison
from backtests.selectors import comparisons_of
from backtests.services.comparison import (
    ALL_DELETED,
    NO_COMMON_DATES,
    comparison_create,
    comparison_read,
)
from botforge.api.headers import LOCATION
from botforge.api.listing import StrictFilters, StrictOrdering
from botforge.api.permissions import signed_in
from botforge.api.problem_schema import problem
from botforge.api.tables import query_without_form

COMPARING = [
    TABLES_PURGED,
    problem(422, "no_common_dates", NO_COMMON_DATES.format(days="no day")),
]


@extend_schema(tags=["backtests"])
@extend_schema_view(
    list=extend_schema(summary="Your comparisons"),
    destroy=extend_schema(summary="Delete a comparison, not its backtests"),
)
class ComparisonViewSet(
    mixins.ListModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[Comparison],
):
    serializer_class = ComparisonSerializer
    filter_backends = (StrictFilters, StrictOrdering)
    ordering_fields = ("id", "created_at")
    ordering = ("-id",)
    queryset = Comparison.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Comparison]:
        return comparisons_of(self.request.user)

    @extend_schema(
        summary="Compare 2 to 20 backtests",
        request=ComparisonCreateSerializer,
        responses={201: ComparisonDetailSerializer},
        parameters=[LOCATION],
        examples=[
            *COMPARING,
            problem(
                409, "not_finished", "Not finished yet: backtest 7; ask again later."
            ),
            problem(
                409,
                "no_result",
                "Failed or cancelled, so without a result: backtest 7.",
            ),
        ],
    )
    def create(self, request: Request) -> Response:
        shape = ComparisonCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given: dict[str, Any] = shape.validated_data
        compared = comparison_create(
            owner=signed_in(request),
            ids=given["backtests"],
            name=given.get("name", ""),
        )
        url = reverse("comparison-detail", [compared.comparison.pk], request=request)
        return Response(comparison_shown(compared), 201, headers={"Location": url})

    @extend_schema(
        summary="Backtests side by side",
        description="Metrics of each, equity on the days that all have, and the "
        "correlation of daily returns. Deleted backtests are left out.",
        parameters=[PointsSerializer],
        responses=ComparisonDetailSerializer,
        examples=[*COMPARING, problem(410, "backtests_deleted", ALL_DELETED)],
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        query = PointsSerializer(data=query_without_form(request))
        query.is_valid(raise_exception=True)
        compared = comparison_read(self.get_object())
        points = query.validated_data.get("points")
        return Response(comparison_shown(compared, points))
