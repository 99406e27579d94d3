"""The ledger of trials: what each user has tried on which candles."""

from django.conf import settings
from django.db import models


class Trial(models.Model):
    """One variant of a strategy that its owner ran on a series.

    A row of its own, because a deleted backtest was tried all the same: the more
    variants were tried, the less the best one's Sharpe ratio says.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # the constraint's index starts with it
    )
    family = models.CharField(
        max_length=80, help_text='"library:<slug>" or "strategy:<id>", all versions.'
    )
    series = models.ForeignKey(
        "marketdata.Series", on_delete=models.CASCADE, related_name="+"
    )
    variant = models.CharField(
        max_length=64, help_text="Hash of source, parameters and execution."
    )
    sharpe = models.FloatField(
        null=True, help_text="Of daily returns, not annualised; of the latest run."
    )
    tried_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "family", "series", "variant"),
                name="backtests_trial_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.family} on {self.series_id}"
