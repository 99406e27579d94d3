"""The ``execution`` object: one field per option of the engine, made from it."""

from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from rest_framework import serializers

from backtests.engine import ExecutionConfig
from backtests.engine.config import CHOICES
from botforge.api.serializers import StrictSerializer

_KINDS: dict[type, type[serializers.Field[Any, Any, Any, Any]]] = {
    bool: serializers.BooleanField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
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
    return serializers.JSONField(**options)


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
