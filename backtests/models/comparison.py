"""Backtests side by side."""

from django.conf import settings
from django.db import models

from backtests.models.backtest import Backtest


class Comparison(models.Model):
    """A choice of backtests that their owner compares; the numbers are theirs."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comparisons"
    )
    name = models.CharField(max_length=200, blank=True)
    backtests = models.ManyToManyField(Backtest, related_name="comparisons")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name or f"comparison {self.pk}"
