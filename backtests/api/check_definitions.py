"""What every check means, over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backtests.checks import CHECKS


class CheckDefinitionSerializer(serializers.Serializer[Any]):
    """What a check means."""

    code = serializers.CharField()
    value = serializers.CharField(help_text="What its number is, in words.")
    unit = serializers.CharField()
    rule = serializers.CharField(help_text="When it is not ok.")


class CheckDefinitionsView(APIView):
    @extend_schema(
        summary="What every check means",
        tags=["backtests"],
        responses=CheckDefinitionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(CheckDefinitionSerializer(CHECKS.values(), many=True).data)
