"""The service as its clients see it: a web server and a worker for each queue."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django_rq

from backtests.tests.processes.workers import worker

DATA_WORKER = ("--worker-class", "marketdata.worker.DataWorker")


@contextmanager
def both_workers(logs: Path) -> Iterator[None]:
    """Run a worker of backtests and one of imports, real processes both."""
    with (
        worker(django_rq.get_queue("backtests"), logs / "backtests.log"),
        worker(django_rq.get_queue("data"), logs / "data.log", *DATA_WORKER),
    ):
        yield
