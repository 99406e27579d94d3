"""What every app may need to remember."""

from django.conf import settings
from django.db import models


class IdempotentAnswer(models.Model):
    """The first answer to a request that named an ``Idempotency-Key``.

    The row is inserted before the request is carried out and in the same transaction:
    a second request with the key waits for it, and a failure leaves nothing.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # the constraint's index starts with it
    )
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(
        max_length=64, help_text="Hash of method, path and body."
    )
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("owner", "key"), name="botforge_one_answer_per_key"
            ),
        )

    def __str__(self) -> str:
        return self.key
