"""First answers, kept for whoever asks again under the same key."""

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from botforge.models import IdempotentAnswer

KEPT = timedelta(hours=24)


def answer_reserve(
    *, owner: AbstractBaseUser, key: str, fingerprint: str
) -> tuple[IdempotentAnswer, bool]:
    """Return the row of the user's key, and whether it is new.

    Call it in the transaction that carries the request out: a second request with the
    key waits here until that is over, and finds the answer, or its failure's nothing.
    """
    now = timezone.now()
    known = IdempotentAnswer.objects.filter(owner_id=owner.pk, key=key)
    known.filter(created_at__lte=now - KEPT).delete()
    return IdempotentAnswer.objects.get_or_create(
        owner_id=owner.pk,
        key=key,
        defaults={"fingerprint": fingerprint, "created_at": now},
    )


def answers_purge() -> int:
    """Delete answers that no request may ask for any more; return how many."""
    outdated = IdempotentAnswer.objects.filter(created_at__lte=timezone.now() - KEPT)
    return outdated.delete()[0]
