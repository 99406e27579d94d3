"""The shape of comparisons over REST."""

import math
from typing import Any

from rest_framework import serializers

from backtests.comparing import COMMON, Aligned, common_metrics, correlation
from backtests.downsampling import keep_all_extremes
from backtests.engine import METRICS
from backtests.models import Backtest, Comparison
from backtests.services.comparison import Compared
from botforge.api.columns import ColumnarSerializer, columnar, iso_times
from botforge.api.serializers import StrictSerializer

MAX_ID = 2**63 - 1
FEWEST, MOST = 2, 20


class ComparisonCreateSerializer(StrictSerializer):
    """Which backtests to compare."""

    backtests = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        min_length=FEWEST,
        max_length=MOST,
        help_text="Ids of your own completed backtests, each once.",
    )
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)

    def validate_backtests(self, ids: list[int]) -> list[int]:
        if len(set(ids)) < len(ids):
            raise serializers.ValidationError("Name each backtest once.")
        return ids


class ComparisonSerializer(serializers.ModelSerializer[Comparison]):
    """A comparison as lists show it."""

    backtests = serializers.SerializerMethodField()

    class Meta:
        model = Comparison
        fields = ("id", "name", "created_at", "backtests")

    def get_backtests(self, comparison: Comparison) -> list[int]:
        """Return the ids, ascending; deleted backtests are not among them any more."""
        return [backtest.pk for backtest in comparison.backtests.all()]


class ComparedSerializer(serializers.Serializer[Any]):
    """What one of the backtests is."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    library = serializers.CharField(allow_null=True)
    strategy = serializers.IntegerField(allow_null=True)
    strategy_version = serializers.IntegerField(allow_null=True)
    parameters = serializers.DictField()
    symbol = serializers.CharField()
    timeframe = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class CommonSerializer(serializers.Serializer[Any]):
    """The days that all have, and what each made on those alone."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    days = serializers.IntegerField()
    metrics = serializers.DictField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True)),
        help_text=f"{', '.join(COMMON)}, of daily equity.",
    )


class ComparisonDetailSerializer(ComparisonSerializer):
    """Backtests side by side (documentation only); lists are in order of id."""

    members = ComparedSerializer(many=True)
    metrics = serializers.DictField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True)),
        help_text="Each backtest's own, of its own window.",
    )
    common = CommonSerializer()
    equity = ColumnarSerializer(
        help_text="time and one column per id, 1 on the first common day."
    )
    correlation = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True)),
        help_text="Of daily returns on the common days; null for one that never moves.",
    )

    class Meta(ComparisonSerializer.Meta):
        fields = (  # type: ignore[assignment] # longer than that of the base
            *ComparisonSerializer.Meta.fields,
            "members",
            "metrics",
            "common",
            "equity",
            "correlation",
        )


def comparison_shown(compared: Compared, points: int | None = None) -> dict[str, Any]:
    """Return the whole comparison, its equity thinned to ``points``."""
    comparison, aligned = compared.comparison, compared.aligned
    backtests = compared.backtests
    calendars = [b.series.instrument.days_per_year for b in backtests]
    common = common_metrics(aligned, calendars)
    ends = iso_times(aligned.days[[0, -1]])
    return {
        "id": comparison.pk,
        "name": comparison.name,
        "created_at": comparison.created_at,
        "backtests": [backtest.pk for backtest in backtests],
        "members": [_member(backtest) for backtest in backtests],
        "metrics": {
            key: [backtest.result.metrics.get(key) for backtest in backtests]
            for key in METRICS
        },
        "common": {
            "start": ends[0],
            "end": ends[1],
            "days": len(aligned.days),
            "metrics": {key: _numbers(values) for key, values in common.items()},
        },
        "equity": _equity(backtests, aligned, points),
        "correlation": [_numbers(row) for row in correlation(aligned).tolist()],
    }


def _member(backtest: Backtest) -> dict[str, Any]:
    version, series = backtest.strategy_version, backtest.series
    return {
        "id": backtest.pk,
        "name": backtest.name,
        "library": backtest.library or None,
        "strategy": None if version is None else version.strategy_id,
        "strategy_version": None if version is None else version.number,
        "parameters": backtest.parameters,
        "symbol": series.instrument.symbol,
        "timeframe": series.timeframe,
        "start": backtest.start,
        "end": backtest.end,
    }


def _equity(
    backtests: list[Backtest], aligned: Aligned, points: int | None
) -> dict[str, Any]:
    lines = tuple(aligned.equity)
    columns = {"time": aligned.days}
    columns |= {str(b.pk): line for b, line in zip(backtests, lines, strict=True)}
    if points is not None:
        kept = keep_all_extremes(lines, lines, points)
        columns = {name: column[kept] for name, column in columns.items()}
    return columnar(columns)


def _numbers(values: list[float]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values]
