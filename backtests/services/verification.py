"""Verifying one result: claim, run again, compare, store what differs.

As with a backtest every write names the attempt it belongs to; when its row count is
0, somebody else has taken over, and this attempt ends without a trace.
"""

import logging

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from backtests.models import Backtest, Verification
from backtests.reproduction import Reproduction, reproduce
from backtests.services.execution import AttemptOver

logger = logging.getLogger(__name__)


def verification_claim(
    backtest_id: int, job_id: str | None = None
) -> Verification | None:
    """Take a queued verification; None when another worker was faster."""
    queued = Verification.objects.filter(
        pk=backtest_id, status=Verification.Status.QUEUED
    )
    verification = queued.select_related(
        "backtest__series__instrument", "backtest__strategy_version"
    ).first()
    if verification is None:
        return None
    taken = queued.filter(attempt=verification.attempt).update(
        status=Verification.Status.RUNNING,
        attempt=verification.attempt + 1,
        job_id=job_id or verification.job_id,
        started_at=timezone.now(),
    )
    verification.attempt += 1
    return verification if taken else None


def verification_execute(verification: Verification) -> None:
    """Run a claimed verification.

    Raises ``BotForgeError`` for a backtest that cannot be run again and
    ``AttemptOver`` when the row was taken away; whatever else comes out is a bug.
    """
    reproduction = reproduce(verification.backtest)
    _report_bug(verification.pk, reproduction)
    done = _this_attempt(verification).update(**_completed(reproduction))
    if not done:
        raise AttemptOver


def verification_fail(verification: Verification, *, code: str, detail: str) -> bool:
    """Mark this attempt as failed, with a sentence for the owner."""
    return bool(
        _this_attempt(verification).update(
            status=Verification.Status.FAILED,
            error_code=code,
            error_detail=detail,
            finished_at=timezone.now(),
        )
    )


def verification_run(*, backtest: Backtest) -> Reproduction:
    """Verify a result here and now, without the queue, and keep what came out.

    One that is queued or running is left to its worker. Raises as ``reproduce``.
    """
    began = timezone.now()
    reproduction = reproduce(backtest)
    _report_bug(backtest.pk, reproduction)
    columns = {
        **_completed(reproduction),
        "job_id": "",
        "attempt": 1,
        "error_code": "",
        "error_detail": "",
        "queued_at": began,
        "started_at": began,
    }
    over = Verification.objects.filter(pk=backtest.pk).exclude(
        status__in=Verification.ACTIVE
    )
    if not over.update(**columns):
        try:
            with transaction.atomic():
                Verification.objects.create(backtest=backtest, **columns)
        except IntegrityError:
            logger.info("Verification %s is being run by a worker", backtest.pk)
    return reproduction


def _completed(reproduction: Reproduction) -> dict[str, object]:
    return {
        "status": Verification.Status.COMPLETED,
        "outcome": reproduction.outcome,
        "differences": list(reproduction.differences),
        "finished_at": timezone.now(),
    }


def _report_bug(backtest_id: int, reproduction: Reproduction) -> None:
    if reproduction.outcome == Verification.Outcome.DIFFERENT:
        logger.critical(
            "Backtest %s gave other numbers for the same inputs: %s",
            backtest_id,
            "; ".join(d["detail"] for d in reproduction.differences),
        )


def _this_attempt(verification: Verification) -> QuerySet[Verification]:
    return Verification.objects.filter(
        pk=verification.pk,
        status=Verification.Status.RUNNING,
        attempt=verification.attempt,
    )
