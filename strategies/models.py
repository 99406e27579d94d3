"""Strategies that users write, and every text they ever had."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

NAME_LENGTH = 100


class Strategy(models.Model):
    """A named strategy of one user; its code is the code of its current version.

    ``parameters`` holds values for what the code declares. ``version`` is the number of
    the current version; ``revision`` counts every change, of the name too, so that a
    writer can say which state it has seen.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="strategies",
        db_index=False,  # strategies_by_owner starts with it
    )
    name = models.CharField(max_length=NAME_LENGTH)
    description = models.TextField(blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "strategies"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "name"),
                name="strategies_name_per_owner",
                violation_error_message="This user has a strategy of this name.",
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="strategies_name_not_blank"
            ),
        )
        indexes = (
            # GET strategies/: one owner's, newest first.
            models.Index(fields=("owner", "-id"), name="strategies_by_owner"),
        )

    def __str__(self) -> str:
        return self.name


class StrategyVersionQuerySet(models.QuerySet["StrategyVersion"]):
    """Versions can be added and read; a whole strategy can be deleted."""

    def update(self, **values: Any) -> int:
        raise TypeError("A strategy version never changes: add a new one.")

    def bulk_update(self, *args: Any, **options: Any) -> int:
        raise TypeError("A strategy version never changes: add a new one.")


class StrategyVersion(models.Model):
    """One text of a strategy's code, for ever: results refer to it."""

    strategy = models.ForeignKey(
        Strategy,
        on_delete=models.CASCADE,
        related_name="versions",
        db_index=False,  # strategies_version_number starts with it
    )
    number = models.PositiveIntegerField()
    code = models.TextField()
    source_hash = models.CharField(max_length=64, verbose_name="SHA-256 of the code")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["StrategyVersion"]] = (
        StrategyVersionQuerySet.as_manager()
    )

    class Meta:
        ordering = ("-number", "-id")
        constraints = (
            # Its index also serves GET strategies/{id}/versions/, read backwards.
            models.UniqueConstraint(
                fields=("strategy", "number"), name="strategies_version_number"
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1),
                name="strategies_version_number_from_1",
            ),
        )

    def __str__(self) -> str:
        return f"version {self.number} of strategy {self.strategy_id}"

    def save(self, *args: Any, **options: Any) -> None:
        """Insert the version; raises ``TypeError`` if it is there already."""
        if not self._state.adding:
            raise TypeError("A strategy version never changes: add a new one.")
        super().save(*args, **options)
