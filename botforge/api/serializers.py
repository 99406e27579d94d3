"""The base of every serializer that takes input."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that names fields it does not know instead of ignoring them.

    A misspelt ``fee_rte`` that is silently dropped gives a wrong result.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            known = [name for name, f in self.fields.items() if not f.read_only]
            unknown = [key for key in data if key not in known]
            if unknown:
                takes = ", ".join(known)
                raise serializers.ValidationError(
                    {
                        str(key): ErrorDetail(
                            f"Unknown field; this takes: {takes}.", "unknown_field"
                        )
                        for key in unknown[:20]
                    }
                )
        return super().to_internal_value(data)


class ProblemErrorSerializer(serializers.Serializer[Any]):
    """One field that is wrong (documentation only)."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A failure, RFC 9457 (documentation only)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = ProblemErrorSerializer(many=True, required=False)  # type: ignore[assignment] # shadows a method of the base; never called here
    request_id = serializers.CharField()
