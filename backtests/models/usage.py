"""What a user's backtests have cost."""

from django.conf import settings
from django.db import models


class DailyUsage(models.Model):
    """The estimated cost of all that one user submitted on one UTC day.

    Deleted backtests stay counted: the worker's time is spent. Locking this row is how
    two simultaneous requests of one user wait for each other.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # the constraint's index starts with it
    )
    day = models.DateField()
    cost = models.FloatField(default=0, help_text="Seconds of a worker.")
    backtests = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "daily usage"
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "day"), name="backtests_usage_once_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.owner_id} on {self.day}"
