"""The queue of imports: apart from that of backtests, which they would hold up."""

from botforge.job_queue import JobQueue
from marketdata.jobs import run_import
from marketdata.models import ImportJob

QUEUE = JobQueue("data")


def enqueue(job: ImportJob) -> None:
    """Queue the job that the row names; call it after the row is committed."""
    QUEUE.enqueue(run_import, job.pk, job.job_id)
