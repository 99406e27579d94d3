"""Health over HTTP."""

import copy

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from botforge.health import CHECKS, readiness

PART = inline_serializer(
    "HealthPart",
    {"ok": serializers.BooleanField(), "detail": serializers.CharField(required=False)},
)
READY = inline_serializer(
    "Readiness",
    {
        "status": serializers.ChoiceField(["ready", "unavailable"]),
        "checks": inline_serializer(
            # Each its own: a field that is in several places documents the last.
            "ReadinessChecks",
            {name: copy.deepcopy(PART) for name in CHECKS},
        ),
    },
)
WITHOUT_WORKER = OpenApiExample(
    "No worker",
    {
        "status": "unavailable",
        "checks": {
            "database": {"ok": True},
            "redis": {"ok": True},
            "worker": {
                "ok": False,
                "detail": "No worker of backtests has been heard of for a minute.",
            },
        },
    },
)
LIVE = inline_serializer("Liveness", {"status": serializers.ChoiceField(["live"])})


class HealthView(APIView):
    """Open to everybody and never throttled: machines ask this often."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()


class LiveView(HealthView):
    @extend_schema(responses=LIVE, summary="Is the process up?", tags=["health"])
    def get(self, request: Request) -> Response:
        return Response({"status": "live"})


class ReadyView(HealthView):
    @extend_schema(
        responses={
            200: READY,
            503: OpenApiResponse(READY, "A part is down.", [WITHOUT_WORKER]),
        },
        summary="Are the database, Redis and a worker there?",
        tags=["health"],
    )
    def get(self, request: Request) -> Response:
        problems = readiness()
        down = any(problems.values())
        checks = {
            name: {"ok": detail is None, **({"detail": detail} if detail else {})}
            for name, detail in problems.items()
        }
        body = {"status": "unavailable" if down else "ready", "checks": checks}
        return Response(body, status=503 if down else 200)
