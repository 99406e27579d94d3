"""The shape of market data over REST."""

from typing import Any

from rest_framework import serializers

from botforge.api.serializers import QuerySerializer
from marketdata.models import CorporateAction, Instrument, Series, SeriesQuality
from marketdata.selectors import MAX_CANDLES, refused_rows
from marketdata.timeframes import CODES


class InstrumentSerializer(serializers.ModelSerializer[Instrument]):
    class Meta:
        model = Instrument
        fields = ("id", "source", "symbol", "calendar")


class SeriesSerializer(serializers.ModelSerializer[Series]):
    source = serializers.CharField(source="instrument.source")  # type: ignore[assignment] # a field of the API, not the base's attribute
    symbol = serializers.CharField(source="instrument.symbol")
    calendar = serializers.CharField(source="instrument.calendar")
    private = serializers.SerializerMethodField()

    class Meta:
        model = Series
        fields = (
            "id",
            "source",
            "symbol",
            "timeframe",
            "calendar",
            "adjustment",
            "private",
            "first",
            "last",
            "bars",
            "gaps",
            "missing_bars",
            "grade",
            "revision",
            "content_hash",
        )

    def get_private(self, series: Series) -> bool:
        """Whether nobody else sees it."""
        return series.owner_id is not None and not series.shared


class CorporateActionSerializer(serializers.ModelSerializer[CorporateAction]):
    """A split or a dividend; ``time`` is the open of the first bar without it."""

    class Meta:
        model = CorporateAction
        fields = ("kind", "time", "value")


class CandleQuerySerializer(QuerySerializer):
    """Which candles: [start, end), resampled to a timeframe, thinned to points."""

    start = serializers.DateTimeField(required=False, help_text="First bar's open.")
    end = serializers.DateTimeField(required=False, help_text="Not included.")
    timeframe = serializers.ChoiceField(
        choices=CODES, required=False, help_text="Resample to this higher timeframe."
    )
    points = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_CANDLES,
        help_text="At most so many bars, wider ones where there are more.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, end = attrs.get("start"), attrs.get("end")
        if start is not None and end is not None and start >= end:
            raise serializers.ValidationError(
                {"end": "Must be later than start; end itself is not included."}
            )
        return attrs


class PlaceSerializer(serializers.Serializer[Any]):
    """Bars in a row that are worth a look: those that open in [start, end)."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    bars = serializers.IntegerField()
    kind = serializers.ChoiceField(
        ["gap", "holiday", "flat", "no_volume", "spike", "step", "violation"]
    )


class QualitySerializer(serializers.ModelSerializer[SeriesQuality]):
    """The stored report on a series: counts, a grade for each part, and the places."""

    grade = serializers.CharField(source="report.grade")
    grades = serializers.DictField(
        child=serializers.CharField(), source="report.grades"
    )
    bars = serializers.IntegerField(source="report.bars")
    expected_bars = serializers.IntegerField(source="report.expected_bars")
    coverage = serializers.FloatField(source="report.coverage")
    gaps = serializers.IntegerField(source="report.gaps")
    missing_bars = serializers.IntegerField(source="report.missing_bars")
    holidays = serializers.IntegerField(source="report.holidays")
    holiday_bars = serializers.IntegerField(source="report.holiday_bars")
    flat_runs = serializers.IntegerField(source="report.flat_runs")
    flat_bars = serializers.IntegerField(source="report.flat_bars")
    has_volume = serializers.BooleanField(source="report.has_volume")
    no_volume_runs = serializers.IntegerField(source="report.no_volume_runs")
    no_volume_bars = serializers.IntegerField(source="report.no_volume_bars")
    spikes = serializers.IntegerField(source="report.spikes")
    violations = serializers.IntegerField(source="report.violations")
    sigma = serializers.FloatField(source="report.sigma")
    listed = serializers.DictField(
        child=PlaceSerializer(many=True), source="report.listed"
    )
    refused = serializers.SerializerMethodField()

    class Meta:
        model = SeriesQuality
        fields = (
            "series",
            "revision",
            "checked_at",
            "grade",
            "grades",
            "bars",
            "expected_bars",
            "coverage",
            "gaps",
            "missing_bars",
            "holidays",
            "holiday_bars",
            "flat_runs",
            "flat_bars",
            "has_volume",
            "no_volume_runs",
            "no_volume_bars",
            "spikes",
            "violations",
            "sigma",
            "listed",
            "refused",
        )

    def get_refused(self, quality: SeriesQuality) -> dict[str, int]:
        """Return the rows that imports did not store, by reason."""
        return refused_rows(quality.series)
