"""The strategy language over HTTP: what it is, and what a program comes to."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketdata.timeframes import Timeframe
from strategies.api.language_serializers import (
    LanguageSerializer,
    ValidateSerializer,
    ValidationSerializer,
)
from strategies.language.diagnostics import CodeRejected
from strategies.language.reference import describe
from strategies.language.validating import Validation, rehearsed, validate
from strategies.limits import language_limits
from strategies.rehearsal import Rehearsal

TOO_EXPENSIVE = (
    "The program costs too much to be tried while you wait; every backtest of it is "
    "checked on its own candles."
)


class LanguageView(APIView):
    @extend_schema(
        responses=LanguageSerializer,
        summary="The strategy language: functions, inputs, outputs, grammar, limits",
        tags=["strategies"],
    )
    def get(self, request: Request) -> Response:
        return Response(describe(language_limits()))


class ValidateView(APIView):
    @extend_schema(
        request=ValidateSerializer,
        responses=ValidationSerializer,
        summary="Check a program without storing it",
        description="Answers 200 for a program with problems, too: they are the "
        "answer, all of them at once (at most 20).",
        tags=["strategies"],
    )
    def post(self, request: Request) -> Response:
        serializer = ValidateSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        timeframe = Timeframe.parse(given["timeframe"])
        limits = language_limits()
        try:
            found = validate(given["code"], given["parameters"], timeframe.ms, limits)
        except CodeRejected as error:
            return Response({"valid": False, **error.members})
        answer = _answer(found)
        if given["causality"]:
            answer["causality"] = _causality(rehearsed(found))
        return Response(answer)


def _answer(found: Validation) -> dict[str, Any]:
    parameters = [
        {**asdict(p), "type": p.type, "value": found.values[p.name]}
        for p in found.parameters
    ]
    return {
        "valid": True,
        "diagnostics": [],
        "warnings": [warning.as_dict() for warning in found.warnings],
        "parameters": parameters,
        "warmup_bars": found.warmup_bars,
        "functions": found.functions,
        "outputs": found.outputs,
        "plots": found.plots,
        "cost": asdict(found.cost),
    }


def _causality(rehearsal: Rehearsal | None) -> dict[str, Any]:
    if rehearsal is None:
        return {
            "passed": None,
            "bars": 0,
            "orders": 0,
            "prefixes": [],
            "leak": None,
            "detail": TOO_EXPENSIVE,
        }
    check = rehearsal.causality
    leak = check.leak
    shown = None if leak is None else {**asdict(leak), "detail": leak.sentence}
    return {
        "passed": check.passed,
        "bars": rehearsal.bars,
        "orders": rehearsal.orders,
        "prefixes": check.prefixes,
        "leak": shown,
        "detail": rehearsal.sentence,
    }
