"""Running one backtest: claim, load, decide, simulate, measure, store.

Called by workers and commands with the row's id. Every write names the attempt it
belongs to; when its row count is 0, somebody else has cancelled or taken over, and
this attempt ends without a trace.
"""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from backtests.computation import Run, compute, run_of
from backtests.engine import ENGINE_VERSION
from backtests.ledger import record_trial
from backtests.models import Backtest, BacktestResult
from backtests.outcome import checks_of, result_row
from backtests.run_key import run_key
from botforge.binary_rows import insert_row
from botforge.durability import commit_on_disk

STAGES = ("loading", "deciding", "simulating", "storing")


class AttemptOver(Exception):
    """Raised when the row no longer belongs to this attempt."""


def backtest_claim(backtest_id: int, job_id: str | None = None) -> Backtest | None:
    """Take a queued row; None when a cancellation or another worker was faster.

    The row keeps the job that took it: a row that was queued twice may name another,
    and to watch or stop that one would be to miss this.
    """
    queued = Backtest.objects.filter(pk=backtest_id, status=Backtest.Status.QUEUED)
    backtest = queued.select_related("series__instrument").first()
    if backtest is None:
        return None
    taken = queued.filter(attempt=backtest.attempt).update(
        status=Backtest.Status.RUNNING,
        attempt=backtest.attempt + 1,
        job_id=job_id or backtest.job_id,
        stage=STAGES[0],
        stages_done=0,
        started_at=timezone.now(),
    )
    backtest.attempt += 1
    return backtest if taken else None


def backtest_execute(backtest: Backtest) -> None:
    """Run a claimed backtest and store its result with the status, or neither.

    Raises ``BotForgeError`` for what the user can mend and ``AttemptOver`` when the
    row was taken away; whatever else comes out is a bug.
    """
    run = run_of(backtest)
    computed = compute(run, partial(_enter, backtest))
    checks = checks_of(backtest, computed)
    _enter(backtest, "storing")
    row = result_row(backtest, computed)
    row.checks = checks
    _finish(backtest, run, row)


def completed_columns(backtest: Backtest, run: Run) -> dict[str, Any]:
    """Return what makes the row of a run that has just ended a completed one."""
    return {
        "status": Backtest.Status.COMPLETED,
        "stage": "",
        "stages_done": len(STAGES),
        "bars": len(run.window),
        "engine_version": ENGINE_VERSION,
        "run_key": run_key(backtest, run.strategy),
        "finished_at": timezone.now(),
    }


def result_store(backtest: Backtest, row: BacktestResult) -> None:
    """Insert the result and enter it into the ledger of trials.

    Call it in the transaction that makes the backtest completed.
    """
    record_trial(backtest, row)
    insert_row(row)


def backtest_fail(backtest: Backtest, *, code: str, detail: str) -> bool:
    """Mark this attempt as failed, with a sentence for the owner."""
    return bool(
        _this_attempt(backtest).update(
            status=Backtest.Status.FAILED,
            error_code=code,
            error_detail=detail,
            finished_at=timezone.now(),
        )
    )


def _this_attempt(backtest: Backtest) -> QuerySet[Backtest]:
    return Backtest.objects.filter(
        pk=backtest.pk, status=Backtest.Status.RUNNING, attempt=backtest.attempt
    )


def _enter(backtest: Backtest, stage: str) -> None:
    done = STAGES.index(stage)
    if not _this_attempt(backtest).update(stage=stage, stages_done=done):
        raise AttemptOver


def _finish(backtest: Backtest, run: Run, row: BacktestResult) -> None:
    with transaction.atomic():
        if not _this_attempt(backtest).update(**completed_columns(backtest, run)):
            raise AttemptOver
        result_store(backtest, row)
        commit_on_disk()
