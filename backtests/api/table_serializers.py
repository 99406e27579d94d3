"""The shape of a result's periods and checks over REST (documentation only)."""

from typing import Any

from rest_framework import serializers


class DrawdownSerializer(serializers.Serializer[Any]):
    """One drawdown; depth as a negative fraction, duration in seconds."""

    peak_time = serializers.DateTimeField()
    trough_time = serializers.DateTimeField()
    recovery_time = serializers.DateTimeField(
        allow_null=True, help_text="null while it has not recovered."
    )
    depth = serializers.FloatField()
    duration = serializers.IntegerField(
        help_text="From the peak to the recovery, or to the last bar."
    )


class FindingSerializer(serializers.Serializer[Any]):
    """What one check says; checks/definitions/ explains the value."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=("ok", "info", "warning", "critical"))
    value = serializers.FloatField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    sentence = serializers.CharField()


class CheckSummarySerializer(serializers.Serializer[Any]):
    """How many checks somebody should read."""

    warnings = serializers.IntegerField()
    criticals = serializers.IntegerField()


class ChecksSerializer(serializers.Serializer[Any]):
    """Every check of a result, in the order of checks/definitions/."""

    summary = CheckSummarySerializer()
    results = FindingSerializer(many=True)
