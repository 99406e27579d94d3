"""What came out of a backtest."""

from django.db import models

from backtests.models.backtest import Backtest


class BacktestResult(models.Model):
    """What a completed backtest came to. Written once, with the status, never changed.

    The tables are Arrow IPC buffers (``marketdata.encoding``'s choice, for the same
    reasons); lists and admin pages must not load them.
    """

    backtest = models.OneToOneField(
        Backtest, on_delete=models.CASCADE, related_name="result", primary_key=True
    )
    metrics = models.JSONField()
    manifest = models.JSONField()
    equity = models.BinaryField()
    trades = models.BinaryField()
    fills = models.BinaryField()
    plots = models.BinaryField(default=bytes)
    open_trade = models.JSONField(null=True)
    counters = models.JSONField(help_text="Orders that did not fill, by reason.")
    checks = models.JSONField(default=list)
    trials = models.JSONField(
        default=dict, help_text="How many variants were tried, and what that is worth."
    )
    purged_at = models.DateTimeField(
        null=True, blank=True, help_text="When the tables were deleted to save space."
    )

    TABLES = ("equity", "trades", "fills", "plots")

    def __str__(self) -> str:
        return f"result of {self.backtest_id}"
