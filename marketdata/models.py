"""What is stored of the market: instruments, their series, and blocks of candles."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from marketdata import markets
from marketdata.action_models import CorporateAction as CorporateAction
from marketdata.import_models import ImportJob as ImportJob
from marketdata.import_models import RefusedRow as RefusedRow
from marketdata.import_models import SeriesRefresh as SeriesRefresh
from marketdata.import_models import UploadPart as UploadPart
from marketdata.timeframes import CODES, Timeframe


class Instrument(models.Model):
    """Something traded somewhere, e.g. BTC/USDT on binance."""

    source = models.CharField(max_length=40, help_text="Exchange or data vendor.")
    symbol = models.CharField(max_length=40, help_text="As the source spells it.")
    calendar = models.CharField(
        max_length=10, choices=markets.calendar_choices, default=markets.ALWAYS
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("source", "symbol")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "symbol"), name="marketdata_instrument_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.symbol} {self.source}"

    @property
    def always_open(self) -> bool:
        return self.calendar == markets.ALWAYS

    @property
    def days_per_year(self) -> int:
        return markets.days_per_year(self.calendar)

    @property
    def session_hours(self) -> float:
        return markets.session_hours(self.calendar)


class Series(models.Model):
    """The candles of one instrument on one timeframe, summed up.

    ``revision`` counts the writes that changed a candle; ``content_hash`` is the same
    for the same candles whatever order they arrived in. A series with an owner is seen
    by the owner alone until staff share it; without one it is everybody's.
    """

    class Adjustment(models.TextChoices):
        NONE = "none", "as traded"
        SPLIT = "split", "adjusted for splits"
        SPLIT_DIVIDEND = "split_dividend", "adjusted for splits and dividends"

    instrument = models.ForeignKey(
        Instrument, on_delete=models.PROTECT, related_name="series"
    )
    timeframe = models.CharField(max_length=3, choices=[(c, c) for c in CODES])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        # To forget the owner would make private candles public.
        on_delete=models.CASCADE,
        related_name="series",
    )
    shared = models.BooleanField(
        default=False, help_text="Seen by everybody though it has an owner."
    )
    adjustment = models.CharField(
        max_length=14, choices=Adjustment.choices, default=Adjustment.NONE
    )
    anchor_ms = models.PositiveIntegerField(
        default=0, help_text="How long after a full one its bars open."
    )
    first = models.DateTimeField(null=True, blank=True)
    last = models.DateTimeField(null=True, blank=True)
    bars = models.PositiveIntegerField(default=0)
    gaps = models.PositiveIntegerField(default=0)
    missing_bars = models.PositiveIntegerField(default=0)
    grade = models.CharField(max_length=1, blank=True)
    revision = models.PositiveIntegerField(default=0)
    content_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("instrument__source", "instrument__symbol", "timeframe")
        verbose_name_plural = "series"
        constraints = (
            # Two, because a database takes no two empty owners for the same.
            models.UniqueConstraint(
                fields=("instrument", "timeframe"),
                condition=models.Q(owner=None),
                name="marketdata_series_unique",
            ),
            models.UniqueConstraint(
                fields=("instrument", "timeframe", "owner"),
                name="marketdata_series_unique_to_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(timeframe__in=CODES),
                name="marketdata_series_timeframe_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument} {self.timeframe}"

    @property
    def step(self) -> Timeframe:
        return Timeframe.parse(self.timeframe, self.anchor_ms)

    @property
    def first_and_after(self) -> tuple[datetime, datetime]:
        """Return the open of the first bar and the close of the last.

        Raises ``ValueError`` for a series without candles.
        """
        if self.first is None or self.last is None:
            raise ValueError(f"{self} has no candles")
        return self.first, self.last + timedelta(milliseconds=self.step.ms)


class SeriesQuality(models.Model):
    """The stored report on a series (see ``quality``), of one of its revisions."""

    series = models.OneToOneField(
        Series, on_delete=models.CASCADE, related_name="quality"
    )
    revision = models.PositiveIntegerField()
    report = models.JSONField()
    checked_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "series quality"

    def __str__(self) -> str:
        return f"quality of series {self.series_id} at revision {self.revision}"


class MaintenanceRecord(models.Model):
    """The audit line of a series that was deleted, merged or repaired."""

    class Action(models.TextChoices):
        DELETE = "delete"
        MERGE = "merge"
        REPAIR = "repair"

    action = models.CharField(max_length=6, choices=Action.choices)
    # As text: the series may be gone.
    target = models.CharField(max_length=100)
    actor = models.CharField(max_length=254, help_text="E-mail address, or command.")
    outcome = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class CandleBlock(models.Model):
    """The candles of a series inside one aligned window (see ``storage``)."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="blocks")
    number = models.BigIntegerField(help_text="Windows since 1970-01-01.")
    bars = models.PositiveIntegerField()
    first_ms = models.BigIntegerField()
    last_ms = models.BigIntegerField()
    gaps = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    payload = models.BinaryField()

    class Meta:
        ordering = ("series", "number")
        constraints = (
            # Also the index of every read: blocks of a series in order of time.
            models.UniqueConstraint(
                fields=("series", "number"), name="marketdata_candleblock_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(bars__gt=0),
                name="marketdata_candleblock_not_empty",
            ),
        )

    def __str__(self) -> str:
        return f"block {self.number} of series {self.series_id}"


class ImportRun(models.Model):
    """What one import read, stored and refused."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="imports")
    origin = models.CharField(max_length=255, help_text="Name of the file.")
    format = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    rejected = models.JSONField(default=dict, help_text="Rows not stored, by reason.")
    revision = models.PositiveIntegerField(help_text="Of the series afterwards.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.origin} into {self.series_id}"
