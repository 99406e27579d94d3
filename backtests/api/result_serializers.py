"""The shape of results over REST."""

from typing import Any

from rest_framework import serializers

from botforge.api.serializers import QuerySerializer


class TradeSerializer(serializers.Serializer[Any]):
    """One closed trade; money in quote units, return and excursions as fractions."""

    side = serializers.ChoiceField(choices=("long", "short"))
    size = serializers.FloatField()
    entry_time = serializers.DateTimeField()
    exit_time = serializers.DateTimeField()
    entry_price = serializers.FloatField()
    exit_price = serializers.FloatField()
    pnl = serializers.FloatField()
    fees = serializers.FloatField()
    funding = serializers.FloatField()
    bars_held = serializers.IntegerField()
    mae = serializers.FloatField()
    mfe = serializers.FloatField()
    exit_reason = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``return``, which Python does not allow as a name in a class."""
        return {**super().get_fields(), "return": serializers.FloatField()}


class FillSerializer(serializers.Serializer[Any]):
    """One fill; ``time`` is the open time of its bar."""

    time = serializers.DateTimeField()
    side = serializers.ChoiceField(choices=("buy", "sell"))
    size = serializers.FloatField()
    price = serializers.FloatField()
    fee = serializers.FloatField()
    reason = serializers.CharField()


class PointsSerializer(QuerySerializer):
    """``?points=``: at most so many, extremes kept."""

    points = serializers.IntegerField(
        required=False,
        min_value=2,
        max_value=1_000_000,
        help_text="At most so many rows, extremes kept.",
    )
