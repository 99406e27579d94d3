"""The shape of imports over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from botforge.api.serializers import JobErrorSerializer, StrictSerializer
from marketdata.formats.detection import NAMES
from marketdata.merging import OnConflict
from marketdata.models import ImportJob, ImportRun, RefusedRow, Series
from marketdata.timeframes import CODES


class FetchSerializer(StrictSerializer):
    """Candles from a provider: which, and when."""

    source = serializers.CharField(  # type: ignore[assignment] # a field, not the base's attribute
        max_length=40, help_text="yfinance, or ccxt: and an exchange: ccxt:binance."
    )
    symbol = serializers.CharField(
        max_length=40, help_text="As the provider spells it."
    )
    timeframe = serializers.CharField(max_length=3, help_text=", ".join(CODES))
    start = serializers.DateTimeField(help_text="First bar's open.")
    end = serializers.DateTimeField(
        required=False, help_text="Not included; default: now."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "end" in attrs and attrs["start"] >= attrs["end"]:
            raise serializers.ValidationError(
                {"end": "Must be later than start; end itself is not included."}
            )
        return attrs


class UploadSerializer(StrictSerializer):
    """A file with candles, and the series of one's own that they go to."""

    file = serializers.FileField(max_length=255)
    symbol = serializers.CharField(
        max_length=40,
        default="",
        allow_blank=True,
        help_text="Default: what the file says.",
    )
    timeframe = serializers.ChoiceField(
        choices=CODES, required=False, help_text="Default: what the file says."
    )
    source = serializers.CharField(  # type: ignore[assignment] # a field, not the base's attribute
        max_length=40, default="upload", help_text="Where the candles come from."
    )
    format = serializers.ChoiceField(
        choices=("auto", *NAMES), default="auto", help_text="auto: by the content."
    )
    timezone = serializers.CharField(
        max_length=64,
        required=False,
        help_text="Of times without an offset, e.g. Europe/Berlin; default: UTC.",
    )
    columns = serializers.CharField(
        max_length=300,
        required=False,
        help_text="e.g. time=Start,open=2,high=3,low=4,close=5,volume=Vol: by header "
        "or number from 1.",
    )
    day_first = serializers.BooleanField(
        allow_null=True,
        default=None,
        help_text="01/02/2021 is in February if true, in January if false.",
    )
    decimal_comma = serializers.BooleanField(
        default=False, help_text="1,234 is less than two."
    )
    close_time = serializers.BooleanField(
        default=False, help_text="Times are those at which bars close."
    )
    adjustment = serializers.ChoiceField(
        choices=Series.Adjustment.choices,
        required=False,
        help_text="How prices are adjusted; default: as the file has them.",
    )
    on_conflict = serializers.ChoiceField(
        choices=[choice.value for choice in OnConflict],
        default=OnConflict.REPLACE.value,
        help_text="When other values are stored for a candle.",
    )

    READING = (
        *("format", "timezone", "columns", "day_first", "decimal_comma"),
        *("close_time", "adjustment", "on_conflict"),
    )


class ImportProgressSerializer(serializers.Serializer[Any]):
    """How far it is (documentation only)."""

    fraction = serializers.FloatField()
    stage = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class RefusedRowSerializer(serializers.ModelSerializer[RefusedRow]):
    """A row that was not stored; a value is null where it is no finite number."""

    class Meta:
        model = RefusedRow
        fields = ("reason", "line", "time", "open", "high", "low", "close", "volume")


class ImportRunSerializer(serializers.ModelSerializer[ImportRun]):
    """What is stored so far; ``changed`` counts revisions of candles stored before."""

    class Meta:
        model = ImportRun
        fields = (
            "origin",
            "format",
            "rows",
            "new",
            "changed",
            "unchanged",
            "rejected",
            "revision",
        )


class ImportSerializer(serializers.ModelSerializer[ImportJob]):
    """An import as it stands."""

    progress = serializers.SerializerMethodField()
    series = serializers.IntegerField(
        source="run.series_id", allow_null=True, default=None
    )
    result = ImportRunSerializer(source="run", allow_null=True)
    error = serializers.SerializerMethodField()
    refused_rows = serializers.SerializerMethodField()

    class Meta:
        model = ImportJob
        fields = (
            "id",
            "kind",
            "source",
            "symbol",
            "timeframe",
            "start",
            "end",
            "filename",
            "status",
            "progress",
            "series",
            "result",
            "error",
            "refused_rows",
            "attempt",
            "queued_at",
            "started_at",
            "finished_at",
        )

    @extend_schema_field(ImportProgressSerializer)
    def get_progress(self, job: ImportJob) -> dict[str, float | int | str]:
        done, total = job.bars_done, job.bars_total
        over = job.status == ImportJob.Status.COMPLETED
        return {
            "fraction": 1.0 if over else min(1.0, done / total) if total else 0.0,
            "stage": job.stage,
            "done": done,
            "total": total,
        }

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, job: ImportJob) -> dict[str, str] | None:
        if not job.error_code:
            return None
        return {"code": job.error_code, "detail": job.error_detail}

    @extend_schema_field(RefusedRowSerializer(many=True, allow_null=True))
    def get_refused_rows(self, job: ImportJob) -> list[dict[str, Any]] | None:
        """The first rows that were not stored; null in a list of imports."""
        if isinstance(self.parent, serializers.ListSerializer):
            return None
        rows = () if job.run is None else job.run.refused.all()
        return [dict(row) for row in RefusedRowSerializer(rows, many=True).data]
