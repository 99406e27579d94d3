"""Asking for a verification."""

from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from backtests.jobs import run_verification
from backtests.models import Backtest, Verification
from backtests.selectors import refuse_purged, result_of
from backtests.services.queueing import QUEUE
from botforge.errors import QuotaExceeded
from botforge.job_queue import new_job_id

TOO_MANY = (
    "You have {limit} verifications queued or running, which is the limit: wait for "
    "one to end."
)


def verification_request(*, backtest: Backtest, limited: bool = True) -> Verification:
    """Queue a verification of the result, and its job once that is committed.

    One that is queued or running already is returned as it is. Raises ``Conflict``
    where there is no result, ``Gone`` where it was purged, and ``QuotaExceeded`` for an
    owner who waits for too many, unless it is not ``limited``: an operator asks.
    """
    refuse_purged(result_of(backtest))
    active = Verification.objects.filter(status__in=Verification.ACTIVE)
    if (present := active.filter(pk=backtest.pk).first()) is not None:
        return present
    if limited:
        _check_quota(active.filter(backtest__owner=backtest.owner_id).count())
    with transaction.atomic():
        if not _queue_anew(backtest):
            return Verification.objects.get(pk=backtest.pk)
        verification = Verification.objects.get(pk=backtest.pk)
        transaction.on_commit(partial(enqueue, verification))
    return verification


def enqueue(verification: Verification) -> None:
    """Queue the job that the row names; call it after the row is committed."""
    QUEUE.enqueue(run_verification, verification.pk, verification.job_id)


def _check_quota(active: int) -> None:
    limit = settings.BACKTESTS_MAX_ACTIVE
    if active >= limit:
        raise QuotaExceeded(TOO_MANY.format(limit=limit))


def _queue_anew(backtest: Backtest) -> bool:
    """Make the row queued; False when somebody else has done so at the same time."""
    columns = {
        "status": Verification.Status.QUEUED,
        "outcome": "",
        "differences": [],
        "job_id": new_job_id(),
        "attempt": 0,
        "error_code": "",
        "error_detail": "",
        "queued_at": timezone.now(),
        "started_at": None,
        "finished_at": None,
    }
    over = Verification.objects.filter(pk=backtest.pk).exclude(
        status__in=Verification.ACTIVE
    )
    if over.update(**columns):
        return True
    try:
        with transaction.atomic():
            Verification.objects.create(backtest=backtest, **columns)
    except IntegrityError:
        return False
    return True
