"""Imports as jobs, and which series are kept up to date: part of ``models``."""

from datetime import datetime

from django.conf import settings
from django.db import models

from marketdata.timeframes import CODES


class ImportJob(models.Model):
    """An import, asked for by its owner. This row is the truth about the job.

    As with a backtest, ``attempt`` counts the workers that took it, and whoever writes
    names the attempt it belongs to. What was stored is in ``run``.
    """

    class Kind(models.TextChoices):
        FETCH = "fetch", "from a provider"
        UPLOAD = "upload", "from an uploaded file"

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
        related_name="imports",
        db_index=False,  # the list's index starts with it
    )
    kind = models.CharField(max_length=6, choices=Kind.choices)
    source = models.CharField(max_length=40, help_text="Of a fetch: the provider.")
    symbol = models.CharField(
        max_length=40, blank=True, help_text="Empty: what an uploaded file says."
    )
    timeframe = models.CharField(
        max_length=3, blank=True, choices=[(c, c) for c in CODES]
    )
    start = models.DateTimeField(null=True, blank=True)
    end = models.DateTimeField(null=True, blank=True, help_text="Not included.")
    filename = models.CharField(max_length=100, blank=True)
    reading = models.JSONField(
        default=dict, blank=True, help_text="What is said of how to read the file."
    )

    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    job_id = models.CharField(max_length=40)
    attempt = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=20, blank=True)
    bars_done = models.PositiveBigIntegerField(default=0)
    bars_total = models.PositiveBigIntegerField(default=0)
    fetched_until = models.DateTimeField(
        null=True, blank=True, help_text="Where the next attempt goes on."
    )
    run = models.OneToOneField(
        "marketdata.ImportRun",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="job",
    )
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.TextField(blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="fetch", start__lt=models.F("end"))
                | models.Q(kind="upload", start=None, end=None),
                name="marketdata_importjob_fetch_has_window",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=("queued", "running", "completed", "failed", "cancelled")
                ),
                name="marketdata_importjob_status_known",
            ),
        )
        indexes = (
            # GET imports/: one owner's, newest first.
            models.Index(fields=("owner", "-id"), name="marketdata_imports_by_owner"),
            # The sweeper and the quota look at the few that are not over.
            models.Index(
                fields=("status", "owner"),
                condition=models.Q(status__in=("queued", "running")),
                name="marketdata_imports_active",
            ),
        )

    def __str__(self) -> str:
        names = (self.filename or self.source, self.symbol, self.timeframe)
        return " ".join(filter(None, names))

    @property
    def window(self) -> tuple[datetime, datetime]:
        """Return the start and end of a fetch; ``ValueError`` for an upload."""
        if self.start is None or self.end is None:
            raise ValueError(f"import {self.pk} has no window")
        return self.start, self.end

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE


class RefusedRow(models.Model):
    """A row that an import did not store, as it was read.

    A bounded sample: the first rows of each reason. All are counted by the run.
    """

    run = models.ForeignKey(
        "marketdata.ImportRun", on_delete=models.CASCADE, related_name="refused"
    )
    reason = models.CharField(max_length=40)
    line = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Of the file; empty for a provider's row."
    )
    # A value that is no number (or no finite one) is absent.
    time = models.DateTimeField(null=True, blank=True)
    open = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    close = models.FloatField(null=True, blank=True)
    volume = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ("run", "line", "pk")

    def __str__(self) -> str:
        where = "" if self.line is None else f" in line {self.line}"
        return f"{self.reason}{where}"


class UploadPart(models.Model):
    """A piece of an uploaded file, kept until its import is over.

    In the database, because web server and worker may share no disk; in pieces, so
    that neither ever holds the whole file in memory.
    """

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    payload = models.BinaryField()

    class Meta:
        ordering = ("job", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("job", "number"), name="marketdata_uploadpart_unique"
            ),
        )

    def __str__(self) -> str:
        return f"part {self.number} of import {self.job_id}"


class SeriesRefresh(models.Model):
    """A series that is kept up to date from a provider.

    ``locked_until`` keeps two refreshes apart; it ends by itself when one is killed.
    """

    series = models.OneToOneField(
        "marketdata.Series", on_delete=models.CASCADE, related_name="refresh"
    )
    provider = models.CharField(max_length=40, help_text="E.g. ccxt:binance.")
    locked_until = models.DateTimeField(null=True, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, help_text="Of the last refresh.")

    class Meta:
        ordering = ("series",)
        verbose_name_plural = "series refreshes"

    def __str__(self) -> str:
        return f"series {self.series_id} from {self.provider}"
