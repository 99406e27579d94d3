"""Types of JSON, where the framework is more forgiving than a document can say."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

type Field = serializers.Field[Any, Any, Any, Any]
type Details = list[ErrorDetail] | dict[int, Any] | None


def wrong_type(field: Field, value: Any) -> Details:
    """Return what is wrong with the type of a value; None when it is right.

    null is left to the field, which knows whether it may be.
    """
    if value is None:
        return None
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        # A list that is too long is refused for that.
        items = [wrong_type(field.child, item) for item in value[:1000]]
        return {index: found for index, found in enumerate(items) if found} or None
    if any(isinstance(field, kind) and not right(value) for kind, right in RIGHT):
        return [ErrorDetail(str(field.error_messages["invalid"]), "invalid")]
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


RIGHT = (
    (serializers.CharField, _is_text),
    (serializers.BooleanField, _is_truth),
    (serializers.IntegerField, _is_number),
    (serializers.FloatField, _is_number),
)
