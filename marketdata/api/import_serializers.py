"""The shape of imports over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from botforge.api.serializers import StrictSerializer
from marketdata.models import ImportJob, ImportRun
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
    symbol = serializers.CharField(max_length=40)
    timeframe = serializers.ChoiceField(choices=CODES)
    source = serializers.CharField(  # type: ignore[assignment] # a field, not the base's attribute
        max_length=40, default="upload", help_text="Where the candles come from."
    )


class ImportProgressSerializer(serializers.Serializer[Any]):
    """How far it is (documentation only)."""

    fraction = serializers.FloatField()
    stage = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ImportErrorSerializer(serializers.Serializer[Any]):
    """Why it failed (documentation only)."""

    code = serializers.CharField()
    detail = serializers.CharField()


class ImportRunSerializer(serializers.ModelSerializer[ImportRun]):
    """What is stored so far; ``changed`` counts revisions of candles stored before."""

    class Meta:
        model = ImportRun
        fields = (
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

    @extend_schema_field(ImportErrorSerializer(allow_null=True))
    def get_error(self, job: ImportJob) -> dict[str, str] | None:
        if not job.error_code:
            return None
        return {"code": job.error_code, "detail": job.error_detail}
