"""Making a result again and comparing it, over REST."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from backtests.differences import verdict
from backtests.models import Backtest, Verification
from backtests.selectors import NOT_FINISHED, PURGED, backtests_of, verification_of
from backtests.services.verification_submission import TOO_MANY, verification_request
from botforge.api.headers import LOCATION
from botforge.api.idempotency import idempotent
from botforge.api.problem_schema import problem


class DifferenceSerializer(serializers.Serializer[Any]):
    """One thing that was not the same when the result was made again."""

    part = serializers.ChoiceField(
        choices=("strategy", "data", "engine", "numbers"),
        help_text='What went into the run, or the "numbers" that came out.',
    )
    name = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    detail = serializers.CharField()


class VerificationErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class VerificationSerializer(serializers.ModelSerializer[Verification]):
    """The latest verification of a backtest's result."""

    backtest = serializers.IntegerField(source="backtest_id")
    status = serializers.ChoiceField(choices=Verification.Status.values)
    outcome = serializers.SerializerMethodField(
        help_text="null until it is completed.",
    )
    numbers_differ = serializers.BooleanField(
        allow_null=True, help_text="Whether any number came out differently."
    )
    verdict = serializers.SerializerMethodField()
    differences = DifferenceSerializer(many=True)
    error = serializers.SerializerMethodField()
    duration_ms = serializers.IntegerField(allow_null=True)

    class Meta:
        model = Verification
        fields = (
            "backtest",
            "status",
            "outcome",
            "numbers_differ",
            "verdict",
            "differences",
            "error",
            "attempt",
            "queued_at",
            "started_at",
            "finished_at",
            "duration_ms",
        )

    def get_outcome(self, verification: Verification) -> str | None:
        return verification.outcome or None

    def get_verdict(self, verification: Verification) -> str | None:
        outcome = verification.outcome
        return verdict(outcome, verification.differences) if outcome else None

    def get_error(self, verification: Verification) -> dict[str, str] | None:
        if not verification.error_code:
            return None
        return {
            "code": verification.error_code,
            "detail": verification.error_detail,
        }


@extend_schema(tags=["backtests"])
class VerificationViewSet(viewsets.GenericViewSet[Backtest]):
    queryset = Backtest.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Backtest]:
        return backtests_of(self.request.user)

    @extend_schema(
        summary="Make the result again and compare it bit for bit",
        description=(
            "Queues a job that runs the backtest again from its manifest. One that is "
            "queued or running already is answered as it is."
        ),
        request=None,
        responses={202: VerificationSerializer},
        parameters=[LOCATION],
        examples=[
            problem(409, "not_finished", NOT_FINISHED[1]),
            problem(409, "no_result", "The backtest failed, so it has no result."),
            problem(410, "result_purged", PURGED.format(day=date(2024, 5, 1))),
            problem(429, "quota_exceeded", TOO_MANY.format(limit=20)),
        ],
    )
    @idempotent
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        verification = verification_request(backtest=self.get_object())
        url = reverse("verification-detail", [pk], request=request)
        return Response(_shown(verification), 202, headers={"Location": url})

    @extend_schema(summary="The latest verification", responses=VerificationSerializer)
    @action(detail=True, url_name="detail")
    def verification(self, request: Request, pk: str) -> Response:
        return Response(_shown(verification_of(self.get_object())))


def _shown(verification: Verification) -> dict[str, Any]:
    return dict(VerificationSerializer(verification).data)
