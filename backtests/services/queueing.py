"""The queue of backtests."""

from backtests.jobs import run_backtest
from backtests.models import Backtest
from botforge.job_queue import JobQueue

QUEUE = JobQueue("backtests")


def enqueue(*backtests: Backtest) -> None:
    """Queue the jobs that the rows name; call it after the rows are committed."""
    QUEUE.enqueue_many(run_backtest, [(b.pk, b.job_id) for b in backtests])
