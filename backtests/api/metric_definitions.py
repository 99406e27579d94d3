"""What every metric means, over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backtests.engine import HEADLINE, METRICS, Metric


class MetricDefinitionSerializer(serializers.Serializer[Any]):
    """What a metric means."""

    key = serializers.CharField()
    formula = serializers.CharField()
    unit = serializers.CharField()
    sample = serializers.CharField()
    headline = serializers.SerializerMethodField(
        help_text="Whether lists of backtests can be filtered and ordered by it."
    )

    def get_headline(self, metric: Metric) -> bool:
        return metric.key in HEADLINE


class MetricDefinitionsView(APIView):
    @extend_schema(
        summary="What every metric means",
        tags=["backtests"],
        responses=MetricDefinitionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(MetricDefinitionSerializer(METRICS.values(), many=True).data)
