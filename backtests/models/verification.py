"""Whether a result can be made again."""

from django.db import models

from backtests.models.backtest import Backtest


class Verification(models.Model):
    """The latest re-run of a result from its manifest, compared bit for bit."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"

    class Outcome(models.TextChoices):
        IDENTICAL = "identical"
        DIFFERENT = "different"
        DATA_CHANGED = "data_changed"
        ENGINE_CHANGED = "engine_changed"
        STRATEGY_CHANGED = "strategy_changed"

    ACTIVE = (Status.QUEUED, Status.RUNNING)

    backtest = models.OneToOneField(
        Backtest,
        on_delete=models.CASCADE,
        related_name="verification",
        primary_key=True,
    )
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    differences = models.JSONField(
        default=list, help_text="What is not the same, by name."
    )
    job_id = models.CharField(max_length=40)
    attempt = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"verification of {self.backtest_id}"

    @property
    def numbers_differ(self) -> bool | None:
        """Return whether any number came out differently; None while not known."""
        if self.status != self.Status.COMPLETED:
            return None
        return any(difference["part"] == "numbers" for difference in self.differences)

    @property
    def duration_ms(self) -> int | None:
        """Return the milliseconds from start to finish; None while not over."""
        if self.started_at is None or self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds() * 1000)
