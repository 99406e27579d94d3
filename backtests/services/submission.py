"""Asking for backtests, filing them, and taking the request back."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from backtests.models import Backtest
from backtests.services.queueing import QUEUE, enqueue
from backtests.services.quota import charge, take_turn
from backtests.services.request import (
    BacktestRequest,
    backtest_resolve,
    backtests_resolve,
    request_of,
)
from backtests.services.reuse import complete_from, copy_results, known_results
from botforge.errors import Conflict, NotFound
from botforge.job_queue import new_job_id

FILING = ("name", "notes", "tags", "pinned")


def backtest_create(*, owner: AbstractBaseUser, request: BacktestRequest) -> Backtest:
    """Store the backtest as queued, and queue its job once that is committed.

    One whose result is known is stored as completed, unless the request wants a run.
    Raises ``InvalidInput`` or ``QuotaExceeded``; nothing is stored then.
    """
    backtest = backtest_resolve(owner, request)
    _submit(owner, [backtest], [request])
    return backtest


def backtests_create(
    *, owner: AbstractBaseUser, requests: Sequence[BacktestRequest]
) -> list[Backtest]:
    """Store all of them as ``backtest_create`` does, or none.

    Pointers of ``InvalidInput`` begin with /backtests/ and the place in the list.
    """
    backtests = backtests_resolve(owner, requests)
    _submit(owner, backtests, requests)
    return backtests


def backtest_rerun(
    *, backtest: Backtest, cache: Literal["use", "refresh"] = "use"
) -> Backtest:
    """Ask for the same again, of the same version, on today's candles.

    Raises as ``backtest_create``: what could be run then may not be possible now.
    """
    request = request_of(backtest, cache)
    again = backtest_resolve(backtest.owner, request)
    again.rerun_of = backtest
    _submit(backtest.owner, [again], [request])
    return again


def backtest_update(*, backtest: Backtest, changes: Mapping[str, Any]) -> Backtest:
    """Change how the backtest is filed: what ``FILING`` names and nothing else."""
    given = {name: changes[name] for name in FILING if name in changes}
    if given and not Backtest.objects.filter(pk=backtest.pk).update(**given):
        raise NotFound("The backtest was deleted a moment ago.")
    for name, value in given.items():
        setattr(backtest, name, value)
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
        QUEUE.withdraw(backtest.job_id)
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


def _submit(
    owner: AbstractBaseUser,
    backtests: Sequence[Backtest],
    requests: Sequence[BacktestRequest],
) -> None:
    """Store resolved backtests: completed where the result is known, else queued."""
    usable = [
        backtest.run_key
        for backtest, request in zip(backtests, requests, strict=True)
        if request.cache == "use"
    ]
    with transaction.atomic():
        take_turn(owner)
        known = known_results(owner, usable) if usable else {}
        done, queued = [], []
        for backtest, request in zip(backtests, requests, strict=True):
            backtest.job_id = new_job_id()
            if request.cache == "use" and backtest.run_key in known:
                complete_from(backtest, known[backtest.run_key])
                done.append(backtest)
            else:
                queued.append(backtest)
        if queued:
            charge(owner, queued)
        Backtest.objects.bulk_create(backtests)
        if done:
            copy_results(done)
        if queued:
            transaction.on_commit(partial(enqueue, *queued))
