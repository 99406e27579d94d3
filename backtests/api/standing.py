"""What a result is worth, as a part of its backtest: checks and trials."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backtests.api.table_serializers import CheckSummarySerializer
from backtests.checks import summary
from backtests.ledger import trials_now
from backtests.models import Backtest, BacktestResult


class WorthSerializer(serializers.Serializer[Any]):
    """What the Sharpe ratio is worth after so many trials; per day unless annual."""

    count = serializers.IntegerField(
        help_text="Variants of the strategy tried on these candles, deleted ones too."
    )
    measured = serializers.IntegerField(
        help_text="Those that have a Sharpe ratio: one that never traded has none. The "
        "variance is theirs, the number of tries is count."
    )
    sharpe_variance = serializers.FloatField()
    expected_max_sharpe = serializers.FloatField(
        help_text="Of the best of so many by chance."
    )
    expected_max_sharpe_annual = serializers.FloatField(allow_null=True)
    psr = serializers.FloatField(
        allow_null=True, help_text="Probability that the true ratio is above 0."
    )
    deflated_sharpe = serializers.FloatField(
        allow_null=True, help_text="Probability that it is above the best by chance."
    )
    sentence = serializers.CharField()
    sharpe = serializers.FloatField(allow_null=True)
    days = serializers.IntegerField(help_text="Daily returns.")
    skew = serializers.FloatField(allow_null=True)
    kurtosis = serializers.FloatField(allow_null=True)
    days_per_year = serializers.FloatField(allow_null=True)


class TrialsSerializer(WorthSerializer):
    """The same when the run ended, and now: later trials lower what it is worth."""

    now = WorthSerializer(
        required=False, help_text="After all later trials; not in lists."
    )


class StandingSerializer(serializers.Serializer[Any]):
    """The fields of a backtest that say how far its result can be believed."""

    checks = serializers.SerializerMethodField(
        help_text="How many checks to read; null unless completed."
    )
    trials = serializers.SerializerMethodField(
        help_text="How many variants were tried; null unless completed."
    )

    @extend_schema_field(CheckSummarySerializer(allow_null=True))
    def get_checks(self, backtest: Backtest) -> dict[str, int] | None:
        result = _result_of(backtest)
        return summary(result.checks) if result and result.checks else None

    @extend_schema_field(TrialsSerializer(allow_null=True))
    def get_trials(self, backtest: Backtest) -> dict[str, Any] | None:
        result = _result_of(backtest)
        if result is None or not result.trials:
            return None
        if self.parent is not None:
            return dict(result.trials)  # Of a list: it would be a query for each row.
        return {**result.trials, "now": trials_now(backtest, result)}


def _result_of(backtest: Backtest) -> BacktestResult | None:
    """Return the result; asking for one that is not there would be a query."""
    return backtest.result if backtest.status == Backtest.Status.COMPLETED else None
