"""The base of every serializer that takes input."""

from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from botforge.api.json_types import wrong_type

type Field = serializers.Field[Any, Any, Any, Any]


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that names fields it does not know instead of ignoring them.

    A misspelt ``fee_rte`` that is silently dropped gives a wrong result.
    """

    # JSON has types: the framework would take 5 for "5", and "yes" for true.
    typed = True

    def get_fields(self) -> dict[str, Field]:
        fields: dict[str, Field] = super().get_fields()
        for field in fields.values():
            if isinstance(field, serializers.ChoiceField):
                known = ", ".join(str(choice) for choice in field.choices)
                message = f'Give one of {known}, not "{{input}}".'
                field.error_messages["invalid_choice"] = message
        return fields

    def to_internal_value(self, data: Any) -> Any:
        refused = self._refused(data) if isinstance(data, dict) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if refused and isinstance(error.detail, dict):
                wrong = {k: v for k, v in error.detail.items() if not _is_missing(v)}
                raise serializers.ValidationError({**wrong, **refused}) from None
            raise
        if refused:
            raise serializers.ValidationError(refused)
        return value

    def _refused(self, data: dict[str, Any]) -> dict[str, Any]:
        unknown = self._unknown(data)
        if not self.typed or isinstance(data, QueryDict):
            return unknown
        given = ((n, f, data[n]) for n, f in self.fields.items() if n in data)
        mistyped = {name: wrong_type(field, value) for name, field, value in given}
        return {**unknown, **{name: found for name, found in mistyped.items() if found}}

    def _unknown(self, data: dict[str, Any]) -> dict[str, ErrorDetail]:
        known = [name for name, f in self.fields.items() if not f.read_only]
        detail = ErrorDetail(
            f"Unknown field; this takes: {', '.join(known)}.", "unknown_field"
        )
        return dict.fromkeys([key for key in data if key not in known][:20], detail)


class QuerySerializer(StrictSerializer):
    """A strict serializer of a query string, where everything is text."""

    typed = False


def _is_missing(detail: Any) -> bool:
    """Say whether a field is wrong only by its absence: likely it is the misspelt."""
    return isinstance(detail, list) and all(
        getattr(d, "code", "") == "required" for d in detail
    )


class ProblemErrorSerializer(serializers.Serializer[Any]):
    """One field that is wrong (documentation only)."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class DiagnosticSerializer(serializers.Serializer[Any]):
    """One problem of a strategy's code; places count from 1, the end not included."""

    code = serializers.CharField()
    message = serializers.CharField()
    line = serializers.IntegerField()
    column = serializers.IntegerField()
    end_line = serializers.IntegerField()
    end_column = serializers.IntegerField()
    suggestion = serializers.CharField(
        allow_null=True, help_text="What may have been meant in its place."
    )


class ProblemSerializer(serializers.Serializer[Any]):
    """A failure, RFC 9457 (documentation only)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = ProblemErrorSerializer(many=True, required=False)  # type: ignore[assignment] # shadows a method of the base; never called here
    diagnostics = DiagnosticSerializer(many=True, required=False)
    request_id = serializers.CharField()


class JobErrorSerializer(serializers.Serializer[Any]):
    """Why a job failed (documentation only)."""

    code = serializers.CharField()
    detail = serializers.CharField()
