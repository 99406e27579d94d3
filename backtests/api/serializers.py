"""The shape of backtests over REST."""

from datetime import datetime
from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backtests.api.execution import ExecutionSerializer, TruthField
from backtests.api.standing import StandingSerializer
from backtests.api.tags import TagsField
from backtests.engine import METRICS
from backtests.models import Backtest
from backtests.selectors import queue_positions
from backtests.services.execution import STAGES
from botforge.api.serializers import JobErrorSerializer, StrictSerializer

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
    tags = TagsField(required=False)
    cache = serializers.ChoiceField(
        choices=("use", "refresh"),
        required=False,
        help_text=(
            "use (the default): an identical run's result is answered at once; "
            "refresh: it is run in any case."
        ),
    )


class BulkCreateSerializer(StrictSerializer):
    """Backtests to submit together: all of them, or none."""

    backtests = serializers.ListField(
        child=BacktestCreateSerializer(), min_length=1, max_length=100
    )


class RerunSerializer(StrictSerializer):
    """How to run a backtest again."""

    cache = serializers.ChoiceField(
        choices=("use", "refresh"), default="use", help_text="As when submitting."
    )


class ProgressSerializer(serializers.Serializer[Any]):
    """How far a backtest is: stages done, and the one that it is in."""

    fraction = serializers.FloatField(min_value=0, max_value=1)
    stage = serializers.ChoiceField(choices=STAGES, allow_blank=True)
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class SeriesShownSerializer(SeriesNamesSerializer):
    """The series of a backtest."""

    id = serializers.IntegerField()


MetricsSerializer: type[serializers.Serializer[Any]] = type(
    "MetricsSerializer",
    (serializers.Serializer,),
    {
        "__doc__": "Every metric; null where it has no value, absent in old results.",
        **{
            metric.key: serializers.FloatField(
                allow_null=True,
                required=False,
                help_text=f"{metric.formula} ({metric.unit}, on {metric.sample})",
            )
            for metric in METRICS.values()
        },
    },
)


class BacktestListSerializer(serializers.ListSerializer[Any]):
    """Looks up the places in the queue once for all rows."""

    def to_representation(self, data: Any) -> list[Any]:
        backtests = list(data)
        cast(BacktestSerializer, self.child).positions = queue_positions(backtests)
        return super().to_representation(backtests)


class BacktestSerializer(StandingSerializer, serializers.ModelSerializer[Backtest]):
    """A backtest as it stands."""

    # Of the rows of a list, looked up together.
    positions: dict[int, int] | None = None

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
    queue_position = serializers.SerializerMethodField(
        help_text="From 1, among everybody's; null unless queued."
    )
    cost = serializers.FloatField(
        help_text="Estimated seconds of a worker; 0 for a result that was known."
    )
    cache = serializers.SerializerMethodField(
        help_text="hit: answered with the result of an identical run."
    )
    cached_from = serializers.IntegerField(
        source="cached_from_id",
        allow_null=True,
        help_text="The backtest that was run, if it is still there.",
    )
    rerun_of = serializers.IntegerField(
        source="rerun_of_id", allow_null=True, help_text="If it is still there."
    )
    purged_at = serializers.SerializerMethodField(
        help_text="When the tables of the result were deleted; null if they were not."
    )
    duration_ms = serializers.IntegerField(allow_null=True)

    class Meta:
        model = Backtest
        list_serializer_class = BacktestListSerializer
        fields = (
            "id",
            "name",
            "tags",
            "notes",
            "pinned",
            "status",
            "queue_position",
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
            "checks",
            "trials",
            "error",
            "cost",
            "cache",
            "cached_from",
            "rerun_of",
            "purged_at",
            "attempt",
            "queued_at",
            "started_at",
            "finished_at",
            "duration_ms",
            "engine_version",
        )

    def get_queue_position(self, backtest: Backtest) -> int | None:
        known = self.positions
        positions = queue_positions([backtest]) if known is None else known
        return positions.get(backtest.pk)

    @extend_schema_field(serializers.ChoiceField(choices=("hit", "miss")))
    def get_cache(self, backtest: Backtest) -> str:
        return "hit" if backtest.is_cached else "miss"

    def get_purged_at(self, backtest: Backtest) -> datetime | None:
        done = backtest.status == Backtest.Status.COMPLETED
        return backtest.result.purged_at if done else None

    def get_library(self, backtest: Backtest) -> str | None:
        return backtest.library or None

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, backtest: Backtest) -> dict[str, float | int | str]:
        return {
            "fraction": backtest.stages_done / len(STAGES),
            "stage": backtest.stage,
            "done": backtest.stages_done,
            "total": len(STAGES),
        }

    @extend_schema_field(SeriesShownSerializer)
    def get_series(self, backtest: Backtest) -> dict[str, int | str]:
        series = backtest.series
        return {
            "id": series.pk,
            "source": series.instrument.source,
            "symbol": series.instrument.symbol,
            "timeframe": series.timeframe,
        }

    @extend_schema_field(MetricsSerializer(allow_null=True))
    def get_metrics(self, backtest: Backtest) -> dict[str, float | None] | None:
        if backtest.status != Backtest.Status.COMPLETED:
            return None  # Asking would be a query for each row without a result.
        metrics = backtest.result.metrics
        # In the order of a report: PostgreSQL does not keep that of a JSON object.
        return {key: metrics[key] for key in METRICS if key in metrics}

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, backtest: Backtest) -> dict[str, str] | None:
        if not backtest.error_code:
            return None
        return {"code": backtest.error_code, "detail": backtest.error_detail}


class SubmittedSerializer(serializers.Serializer[Any]):
    """What was submitted together, in the order of the request."""

    backtests = BacktestSerializer(many=True)


class BacktestUpdateSerializer(StrictSerializer):
    """What an owner may change of a backtest: how it is filed."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    tags = TagsField(required=False)
    pinned = TruthField(
        required=False, help_text="Keep the tables of the result for ever."
    )
