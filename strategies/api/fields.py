"""The fields of a strategy that need more than a type."""

import math
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

MAX_PARAMETERS = 50
MAX_PARAMETER_NAME = 100
MAX_PARAMETER_TEXT = 1_000
# Whole numbers beyond this are not exact in float64, in which everything is computed.
MAX_WHOLE_NUMBER = 2**53


class CodeField(serializers.CharField):
    """Source text, taken as it is: the language says what is wrong with it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **options)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "boolean"},
            {"type": "number"},
            {"type": "string", "maxLength": MAX_PARAMETER_TEXT},
        ]
    }
)
class ValueField(serializers.Field[Any, Any, Any, Any]):
    """One number, text or truth value."""

    default_error_messages = {
        "wrong_type": "Give a number, a text, true or false.",
        "not_finite": "Give a finite number.",
        "too_large": f"Give a whole number from -{MAX_WHOLE_NUMBER} "
        f"to {MAX_WHOLE_NUMBER}.",
    }
    text = serializers.CharField(
        max_length=MAX_PARAMETER_TEXT, allow_blank=True, trim_whitespace=False
    )

    def to_internal_value(self, data: Any) -> bool | int | float | str:
        if isinstance(data, str):
            return str(self.text.run_validation(data))
        if not isinstance(data, bool | int | float):
            self.fail("wrong_type")
        if isinstance(data, float) and not math.isfinite(data):
            self.fail("not_finite")
        if isinstance(data, int) and abs(data) > MAX_WHOLE_NUMBER:
            self.fail("too_large")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class ParametersField(serializers.DictField):
    """A flat object: values for what the code declares."""

    child = ValueField()
    default_error_messages = {
        "not_a_dict": 'Give an object of names and values, {{"fast": 20}}.',
        "too_many": f"Give at most {MAX_PARAMETERS} parameters.",
        "bad_name": "The name {name} is not one: give 1 to "
        f"{MAX_PARAMETER_NAME} printable characters.",
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            if len(data) > MAX_PARAMETERS:
                self.fail("too_many")
            for name in data:
                # "Printable" leaves out NUL and halves of surrogate pairs.
                if not 1 <= len(name) <= MAX_PARAMETER_NAME or not name.isprintable():
                    self.fail("bad_name", name=ascii(name[:MAX_PARAMETER_NAME]))
        return super().to_internal_value(data)
