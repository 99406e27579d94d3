"""Running one backtest: claim, load, decide, simulate, measure, store.

Called by workers and commands with the row's id. Every write names the attempt it
belongs to; when its row count is 0, somebody else has cancelled or taken over, and
this attempt ends without a trace.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from backtests.engine import ENGINE_VERSION, ExecutionConfig, measure, simulate
from backtests.manifest import manifest_of
from backtests.models import Backtest, BacktestResult
from backtests.results import result_row
from backtests.runnable import runnable_strategy
from botforge.errors import InvalidInput
from marketdata.selectors import load_ohlcv

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
    strategy = runnable_strategy(backtest)
    config = ExecutionConfig(**backtest.execution)
    seen, warmup = load_ohlcv(
        backtest.series,
        backtest.start,
        backtest.end,
        strategy.warmup_bars(backtest.parameters),
    )
    bars = len(seen) - warmup
    if bars < 2:
        raise InvalidInput.field(
            "start", "empty_window", "The candles of this window are gone."
        )
    _enter(backtest, "deciding")
    signals = strategy.generate_signals(seen, backtest.parameters)
    _enter(backtest, "simulating")
    # The warm-up only feeds the indicators: no order is given before the window.
    ohlcv = seen.slice(warmup, len(seen))
    result = simulate(ohlcv, signals.slice(warmup, len(seen)), config)
    metrics = measure(result, ohlcv, backtest.series.instrument.days_per_year)
    _enter(backtest, "storing")
    manifest = manifest_of(backtest, strategy, seen, warmup)
    _finish(backtest, bars, result_row(backtest, result, metrics, manifest))


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


def _finish(backtest: Backtest, bars: int, row: BacktestResult) -> None:
    with transaction.atomic():
        done = _this_attempt(backtest).update(
            status=Backtest.Status.COMPLETED,
            stage="",
            stages_done=len(STAGES),
            bars=bars,
            engine_version=ENGINE_VERSION,
            finished_at=timezone.now(),
        )
        if not done:
            raise AttemptOver
        row.save(force_insert=True)
