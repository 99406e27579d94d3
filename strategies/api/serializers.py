"""The shape of strategies on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from botforge.api.serializers import StrictSerializer
from strategies.api.fields import CodeField, ParametersField, ValueField
from strategies.models import NAME_LENGTH

MAX_DESCRIPTION = 5_000


class StrategySerializer(StrictSerializer):
    """A strategy; ``version`` counts the changes of its code."""

    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=NAME_LENGTH)
    description = serializers.CharField(
        max_length=MAX_DESCRIPTION, allow_blank=True, default=""
    )
    code = CodeField()
    parameters = ParametersField(default=dict)
    version = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class StrategyVersionSerializer(serializers.Serializer[Any]):
    """One text that a strategy's code had; it never changes."""

    version = serializers.IntegerField(source="number")
    code = serializers.CharField()
    source_hash = serializers.CharField(help_text="SHA-256 of the code in UTF-8.")
    created_at = serializers.DateTimeField()


class DiffSerializer(StrictSerializer):
    """The query of the history."""

    diff = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text="A version: `diff` of the answer says what changed since.",
    )


class LibraryParameterSerializer(serializers.Serializer[Any]):
    """One declared input; null stands for "not limited"."""

    name = serializers.CharField()
    type = serializers.ChoiceField(["bool", "int", "float", "str"])
    default = ValueField()
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    step = serializers.FloatField(allow_null=True)
    choices = serializers.ListField(child=ValueField(), allow_null=True)
    description = serializers.CharField()


class LibraryStrategySerializer(serializers.Serializer[Any]):
    """A built-in strategy: ``library`` of a backtest takes its slug."""

    slug = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(help_text="The idea in one line.")
    documentation = serializers.CharField(
        help_text="The idea, its source, and when it fails."
    )
    code = serializers.CharField(
        allow_null=True,
        help_text="Its text in the strategy language, to copy and to change; null for "
        "one that is written in Python.",
    )
    parameters = LibraryParameterSerializer(many=True)


@extend_schema_serializer(many=False)
class LibraryPageSerializer(serializers.Serializer[Any]):
    """All of them: the library is one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = LibraryStrategySerializer(many=True)
