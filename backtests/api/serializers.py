"""The shape of backtests over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backtests.api.execution import ExecutionSerializer
from backtests.engine import METRICS
from backtests.models import Backtest
from backtests.services.execution import STAGES
from botforge.api.serializers import StrictSerializer

MAX_ID = 2**63 - 1
SERIES_NAMES = ("source", "symbol", "timeframe")


class SeriesNamesSerializer(StrictSerializer):
    """A series by its names instead of its id."""

    source = serializers.CharField(max_length=40)  # type: ignore[assignment] # a field, not the base's attribute
    symbol = serializers.CharField(max_length=40)
    timeframe = serializers.CharField(max_length=3)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "integer"},
            {
                "type": "object",
                "properties": {name: {"type": "string"} for name in SERIES_NAMES},
                "required": list(SERIES_NAMES),
            },
        ]
    }
)
class SeriesReferenceField(serializers.Field[Any, Any, Any, Any]):
    """A series by id, or by source, symbol and timeframe."""

    default_error_messages = {  # noqa: RUF012 - the framework merges it per class
        "shape": "Give the id of a series, or its source, symbol and timeframe."
    }

    def to_internal_value(self, data: Any) -> int | dict[str, str]:
        if isinstance(data, dict):
            names = SeriesNamesSerializer(data=data)
            names.is_valid(raise_exception=True)
            return dict(names.validated_data)
        if type(data) is not int or not 0 < data <= MAX_ID:
            self.fail("shape")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class BacktestCreateSerializer(StrictSerializer):
    """What to run, on what, when, and how orders become fills."""

    strategy = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_ID, help_text="One of your own."
    )
    strategy_version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Default: latest."
    )
    library = serializers.CharField(
        required=False, max_length=60, help_text="A built-in strategy."
    )
    parameters = serializers.DictField(
        required=False, help_text="Values for what the strategy declares."
    )
    series = SeriesReferenceField()
    start = serializers.DateTimeField(
        required=False, help_text="First bar's open; default: the series' first."
    )
    end = serializers.DateTimeField(
        required=False, help_text="Not included; default: the series' end."
    )
    execution = ExecutionSerializer(required=False)
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=20
    )


class BacktestSerializer(serializers.ModelSerializer[Backtest]):
    """A backtest as it stands."""

    progress = serializers.SerializerMethodField()
    strategy = serializers.IntegerField(
        source="strategy_version.strategy_id", allow_null=True, default=None
    )
    strategy_version = serializers.IntegerField(
        source="strategy_version.number", allow_null=True, default=None
    )
    library = serializers.SerializerMethodField()
    series = serializers.SerializerMethodField()
    execution = ExecutionSerializer()
    metrics = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    duration_ms = serializers.IntegerField(allow_null=True)

    class Meta:
        model = Backtest
        fields = (
            "id",
            "name",
            "tags",
            "notes",
            "status",
            "progress",
            "strategy",
            "strategy_version",
            "library",
            "parameters",
            "series",
            "start",
            "end",
            "bars",
            "execution",
            "metrics",
            "error",
            "attempt",
            "queued_at",
            "started_at",
            "finished_at",
            "duration_ms",
            "engine_version",
        )

    def get_library(self, backtest: Backtest) -> str | None:
        return backtest.library or None

    def get_progress(self, backtest: Backtest) -> dict[str, float | int | str]:
        return {
            "fraction": backtest.stages_done / len(STAGES),
            "stage": backtest.stage,
            "done": backtest.stages_done,
            "total": len(STAGES),
        }

    def get_series(self, backtest: Backtest) -> dict[str, int | str]:
        series = backtest.series
        return {
            "id": series.pk,
            "source": series.instrument.source,
            "symbol": series.instrument.symbol,
            "timeframe": series.timeframe,
        }

    def get_metrics(self, backtest: Backtest) -> dict[str, float | None] | None:
        if backtest.status != Backtest.Status.COMPLETED:
            return None  # Asking would be a query for each row without a result.
        metrics = backtest.result.metrics
        # In the order of a report: PostgreSQL does not keep that of a JSON object.
        return {key: metrics[key] for key in METRICS if key in metrics}

    def get_error(self, backtest: Backtest) -> dict[str, str] | None:
        if not backtest.error_code:
            return None
        return {"code": backtest.error_code, "detail": backtest.error_detail}


class BacktestUpdateSerializer(StrictSerializer):
    """What an owner may change of a backtest: how it is filed."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=20
    )


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


class PointsSerializer(StrictSerializer):
    """``?points=``: at most so many, extremes kept."""

    points = serializers.IntegerField(required=False, min_value=2, max_value=1_000_000)


class MetricDefinitionSerializer(serializers.Serializer[Any]):
    """What a metric means."""

    key = serializers.CharField()
    formula = serializers.CharField()
    unit = serializers.CharField()
    sample = serializers.CharField()
