"""What companies did that moved prices without trading: part of ``models``."""

from django.db import models


class CorporateAction(models.Model):
    """A split or a dividend, kept apart from the prices that it moved.

    It belongs to the series that it was imported with: whoever sees those candles sees
    it, and a value that was adjusted for later splits is one of those prices.
    """

    class Kind(models.TextChoices):
        SPLIT = "split", "split (new shares per old share)"
        DIVIDEND = "dividend", "dividend (quote currency per share)"

    series = models.ForeignKey(
        "marketdata.Series", on_delete=models.CASCADE, related_name="actions"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    time = models.DateTimeField(help_text="Open of the first bar without it.")
    value = models.FloatField()

    class Meta:
        ordering = ("series", "time", "kind")
        constraints = (
            models.UniqueConstraint(
                fields=("series", "kind", "time"),
                name="marketdata_corporateaction_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(value__gt=0),
                name="marketdata_corporateaction_positive",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.value:g} on {self.time:%Y-%m-%d}"
