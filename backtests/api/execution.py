"""The ``execution`` object: one field per option of the engine, made from it."""

from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backtests.engine import ExecutionConfig
from backtests.engine.config import CHOICES
from botforge.api.serializers import StrictSerializer


class NumberField(serializers.FloatField):
    """A JSON number: neither "0.001" nor true is one, which the framework takes."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeNumberField(serializers.IntegerField):
    """A JSON number without a fraction, of a size that the engine can hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=-(2**31), max_value=2**31 - 1, **options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class TruthField(serializers.BooleanField):
    """true or false, not one of the words that the framework takes for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


@extend_schema_field(
    {"oneOf": [{"type": "boolean"}, {"type": "string", "enum": ["both"]}]}
)
class TruthOrBothField(serializers.Field[Any, Any, Any, Any]):
    """true, false or "both"."""

    default_error_messages = {  # noqa: RUF012 - the framework merges it per class
        "invalid": 'Must be true, false or "both".'
    }

    def to_internal_value(self, data: Any) -> bool | str:
        if data == "both":
            return "both"
        if not isinstance(data, bool):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


_KINDS: dict[type, type[serializers.Field[Any, Any, Any, Any]]] = {
    bool: TruthField,
    int: WholeNumberField,
    float: NumberField,
}


def _field(name: str, hint: Any, default: Any) -> serializers.Field[Any, Any, Any, Any]:
    """Return the serializer field for one option; an absent one means its default."""
    options: dict[str, Any] = {"required": False, "help_text": f"Default: {default}."}
    if name in CHOICES:
        return serializers.ChoiceField(choices=CHOICES[name], **options)
    parts = get_args(hint) if get_origin(hint) is UnionType else (hint,)
    options["allow_null"] = NoneType in parts
    kinds = [part for part in parts if part in _KINDS]
    if len(kinds) == 1 and set(parts) <= {*_KINDS, NoneType}:
        return _KINDS[kinds[0]](**options)
    return TruthOrBothField(**options)


_HINTS = get_type_hints(ExecutionConfig)
ExecutionSerializer: type[StrictSerializer] = type(
    "ExecutionSerializer",
    (StrictSerializer,),
    {
        "__doc__": "How orders become fills; every field is optional.",
        **{
            f.name: _field(f.name, _HINTS[f.name], f.default)
            for f in fields(ExecutionConfig)
        },
    },
)
