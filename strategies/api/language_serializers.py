"""The shape of the language, and of a verdict on a program, on the wire."""

from typing import Any

from rest_framework import serializers

from botforge.api.serializers import DiagnosticSerializer, StrictSerializer
from marketdata.timeframes import CODES
from strategies.api.fields import CodeField, ParametersField, ValueField
from strategies.api.serializers import LibraryParameterSerializer


class ValidateSerializer(StrictSerializer):
    """A program to look at."""

    code = CodeField()
    parameters = ParametersField(default=dict)
    timeframe = serializers.ChoiceField(
        CODES,
        default="1h",
        help_text="Of the candles to come: the warm-up of `htf` depends on it.",
    )
    causality = serializers.BooleanField(
        default=False,
        help_text="Run the program over made-up candles, too, and look whether any "
        "signal changes when later candles are missing.",
    )


class LeakSerializer(serializers.Serializer[Any]):
    """A signal that later candles change."""

    signal = serializers.CharField()
    bar = serializers.IntegerField(help_text="Counted from 0.")
    bars_seen = serializers.IntegerField(help_text="Length of the prefix.")
    detail = serializers.CharField()


class CausalitySerializer(serializers.Serializer[Any]):
    """Whether the signals of a few prefixes are the prefixes of the signals.

    ``passed`` is null where the program costs too much to be tried while you wait.
    """

    passed = serializers.BooleanField(allow_null=True)
    bars = serializers.IntegerField(help_text="Made-up candles that it ran over.")
    orders = serializers.IntegerField(
        help_text="Bars with an order; without any the check has shown nothing."
    )
    prefixes = serializers.ListField(child=serializers.IntegerField())
    leak = LeakSerializer(allow_null=True)
    detail = serializers.CharField()


class DeclaredParameterSerializer(LibraryParameterSerializer):
    """A declared parameter with the value that it would have."""

    value = ValueField()


class CostSerializer(serializers.Serializer[Any]):
    """An estimate, per bar, and the line to blame."""

    additions_per_bar = serializers.FloatField(
        help_text="In additions of two numbers, about a nanosecond each."
    )
    bytes_per_bar = serializers.FloatField(help_text="Memory at the worst moment.")
    line = serializers.IntegerField(help_text="The most expensive line.")
    share = serializers.FloatField(help_text="Its part of the cost, 0 to 1.")


class ValidationSerializer(serializers.Serializer[Any]):
    """A verdict. A program that is not valid has diagnostics and nothing else."""

    valid = serializers.BooleanField()
    diagnostics = DiagnosticSerializer(many=True)
    warnings = DiagnosticSerializer(
        many=True,
        required=False,
        help_text="What is allowed and may not be meant: names that nothing uses, "
        "positions that nothing ends.",
    )
    parameters = DeclaredParameterSerializer(many=True, required=False)
    warmup_bars = serializers.IntegerField(
        required=False, help_text="The first bar at which every output is defined."
    )
    functions = serializers.ListField(child=serializers.CharField(), required=False)
    outputs = serializers.ListField(child=serializers.CharField(), required=False)
    plots = serializers.ListField(child=serializers.CharField(), required=False)
    cost = CostSerializer(required=False)
    causality = CausalitySerializer(
        required=False, help_text="Where the request asks for it."
    )


class ArgumentSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.ChoiceField(["series", "condition", "window", "number", "text"])
    required = serializers.BooleanField()  # type: ignore[assignment] # shadows an option of the base; documentation only
    default = ValueField(allow_null=True)
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    choices = serializers.ListField(child=serializers.CharField(), allow_null=True)


class FunctionSerializer(serializers.Serializer[Any]):
    """One function; with several outputs it is unpacked: ``a, b = f(...)``."""

    name = serializers.CharField()
    group = serializers.CharField()
    signature = serializers.CharField()
    arguments = ArgumentSerializer(many=True)
    outputs = serializers.ListField(child=serializers.CharField())
    returns = serializers.CharField(help_text="series or condition: of each output.")
    inputs = serializers.ListField(
        child=serializers.CharField(), help_text="Candle columns read without asking."
    )
    summary = serializers.CharField()
    example = serializers.CharField()
    source = serializers.ChoiceField(["talib", "numba", "numpy"])  # type: ignore[assignment] # shadows an option of the base; documentation only
    cost = serializers.FloatField(help_text="Relative to one addition per bar.")
    cost_per_length = serializers.FloatField(
        help_text="What each bar of the argument `length` adds to the cost."
    )


class NamedSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    summary = serializers.CharField()


class ConstructSerializer(NamedSerializer):
    signature = serializers.CharField()
    example = serializers.CharField()


class OutputSerializer(NamedSerializer):
    type = serializers.CharField(help_text="condition or series.")


class LanguageSerializer(serializers.Serializer[Any]):
    """The whole language, for editors and documentation."""

    functions = FunctionSerializer(many=True)
    constructs = ConstructSerializer(many=True)
    inputs = NamedSerializer(many=True)
    outputs = OutputSerializer(many=True)
    grammar = serializers.DictField(child=serializers.CharField())
    timeframes = serializers.ListField(child=serializers.CharField())
    limits = serializers.DictField(child=serializers.FloatField())
