"""Asking for a backtest, and taking the request back."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from backtests.models import Backtest
from backtests.selectors import active_count
from backtests.services.queueing import enqueue, new_job_id, withdraw
from backtests.services.request import BacktestRequest, backtest_resolve
from botforge.errors import Conflict, QuotaExceeded


def backtest_create(*, owner: AbstractBaseUser, request: BacktestRequest) -> Backtest:
    """Store the backtest as queued, and queue its job once that is committed.

    Raises ``InvalidInput`` or ``QuotaExceeded``; nothing is stored then.
    """
    limit = settings.BACKTESTS_MAX_ACTIVE
    if active_count(owner) >= limit:
        raise QuotaExceeded(
            f"You have {limit} backtests queued or running, which is the limit: "
            "wait for one to end, or cancel one."
        )
    backtest = backtest_resolve(owner, request)
    backtest.job_id = new_job_id()
    with transaction.atomic():
        backtest.save(force_insert=True)
        transaction.on_commit(partial(enqueue, backtest))
    return backtest


def backtest_update(*, backtest: Backtest, changes: Mapping[str, Any]) -> Backtest:
    """Change how the backtest is filed: ``name``, ``notes`` and ``tags`` only."""
    for name in ("name", "notes", "tags"):
        if name in changes:
            setattr(backtest, name, changes[name])
    backtest.save(update_fields=["name", "notes", "tags"])
    return backtest


def backtest_cancel(*, backtest: Backtest) -> Backtest:
    """Cancel the backtest unless it is over; return it as it is now."""
    cancelled = Backtest.objects.filter(
        pk=backtest.pk, status__in=Backtest.ACTIVE
    ).update(status=Backtest.Status.CANCELLED, finished_at=timezone.now())
    backtest.refresh_from_db(
        fields=["status", "finished_at", "started_at", "job_id", "stage"]
    )
    if cancelled:
        withdraw(backtest.job_id)
    return backtest


def backtest_delete(*, backtest: Backtest) -> None:
    """Delete a backtest that is over, with its result."""
    deleted, _ = (
        Backtest.objects.filter(pk=backtest.pk)
        .exclude(status__in=Backtest.ACTIVE)
        .delete()
    )
    if not deleted:
        raise Conflict(
            "The backtest is not over yet: cancel it, then delete it.",
            code="not_finished",
        )
