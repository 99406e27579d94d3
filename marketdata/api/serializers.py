"""The shape of market data over REST."""

from typing import Any

from rest_framework import serializers

from botforge.api.serializers import StrictSerializer
from marketdata.models import Instrument, Series
from marketdata.selectors import MAX_CANDLES
from marketdata.timeframes import CODES


class InstrumentSerializer(serializers.ModelSerializer[Instrument]):
    class Meta:
        model = Instrument
        fields = ("id", "source", "symbol", "calendar")


class SeriesSerializer(serializers.ModelSerializer[Series]):
    source = serializers.CharField(source="instrument.source")  # type: ignore[assignment] # a field of the API, not the base's attribute
    symbol = serializers.CharField(source="instrument.symbol")

    class Meta:
        model = Series
        fields = (
            "id",
            "source",
            "symbol",
            "timeframe",
            "first",
            "last",
            "bars",
            "gaps",
            "missing_bars",
            "grade",
            "revision",
            "content_hash",
        )


class CandleQuerySerializer(StrictSerializer):
    """Which candles: [start, end), resampled to a timeframe, thinned to points."""

    start = serializers.DateTimeField(required=False)
    end = serializers.DateTimeField(required=False)
    timeframe = serializers.ChoiceField(choices=CODES, required=False)
    points = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_CANDLES
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, end = attrs.get("start"), attrs.get("end")
        if start is not None and end is not None and start >= end:
            raise serializers.ValidationError(
                {"end": "Must be later than start; end itself is not included."}
            )
        return attrs
