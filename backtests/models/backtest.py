"""A backtest: what was asked for, and how far it is."""

from django.conf import settings
from django.db import models


class Backtest(models.Model):
    """One run, asked for by its owner. This row is the truth about the job.

    ``attempt`` counts the workers that took it: whoever writes names the attempt it
    belongs to, so that a worker given up for dead cannot overwrite its successor.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ACTIVE = (Status.QUEUED, Status.RUNNING)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="backtests",
        db_index=False,  # the list's index starts with it
    )
    name = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    tags = models.JSONField(default=list, blank=True)

    library = models.CharField(max_length=60, blank=True)
    strategy_version = models.ForeignKey(
        "strategies.StrategyVersion",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="backtests",
    )
    parameters = models.JSONField(default=dict)
    series = models.ForeignKey(
        "marketdata.Series", on_delete=models.PROTECT, related_name="backtests"
    )
    start = models.DateTimeField()
    end = models.DateTimeField(help_text="Not included.")
    asked_start = models.DateTimeField(
        null=True, blank=True, help_text="Before it was cut to the candles; or none."
    )
    asked_end = models.DateTimeField(
        null=True, blank=True, help_text="Before it was cut to the candles; or none."
    )
    bars = models.PositiveIntegerField()
    execution = models.JSONField(default=dict)
    cost = models.FloatField(default=0, help_text="Estimated seconds of a worker.")
    pinned = models.BooleanField(default=False, help_text="Never purged.")

    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    job_id = models.CharField(max_length=40)
    attempt = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=20, blank=True)
    stages_done = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    engine_version = models.CharField(max_length=20, blank=True)
    run_key = models.CharField(
        max_length=64,
        blank=True,
        help_text="Hash of all that decides the result; equal keys, equal results.",
    )
    cached_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    rerun_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reruns"
    )
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(library="", strategy_version__isnull=False)
                | (~models.Q(library="") & models.Q(strategy_version__isnull=True)),
                name="backtests_backtest_one_strategy",
            ),
            models.CheckConstraint(
                condition=models.Q(start__lt=models.F("end")),
                name="backtests_backtest_start_before_end",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=("queued", "running", "completed", "failed", "cancelled")
                ),
                name="backtests_backtest_status_known",
            ),
        )
        indexes = (
            # GET backtests/: one owner's, newest first.
            models.Index(fields=("owner", "-id"), name="backtests_by_owner"),
            # The sweeper and the quota look at the few that are not over.
            models.Index(
                fields=("status", "owner"),
                condition=models.Q(status__in=("queued", "running")),
                name="backtests_active",
            ),
            # The operators' overview looks at the last day, retention at what is older.
            models.Index(fields=("finished_at",), name="backtests_by_end"),
            # The result cache asks for a completed twin.
            models.Index(
                fields=("owner", "run_key"),
                condition=models.Q(status="completed"),
                name="backtests_by_run_key",
            ),
        )

    def __str__(self) -> str:
        return self.name or f"backtest {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def is_cached(self) -> bool:
        """Say whether it was completed with another one's result: no worker ran it."""
        return self.status == self.Status.COMPLETED and self.attempt == 0

    @property
    def duration_ms(self) -> int | None:
        """Return the milliseconds from start to finish; None while not over."""
        if self.started_at is None or self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds() * 1000)
