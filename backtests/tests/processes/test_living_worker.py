"""A worker goes on, whatever becomes of the process that it forks for a job."""

import sys
from collections.abc import Iterator
from pathlib import Path

import django_rq
import pytest
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from backtests.models import BacktestResult
from backtests.services.queueing import QUEUE
from backtests.tests.processes.faults import FAULTY, put
from backtests.tests.processes.runs import URL, ended, submit
from backtests.tests.processes.workers import WorkerProcess, kill, until, worker
from backtests.tests.queues import empty_queue

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]


@pytest.fixture
def api() -> APIClient:
    return api_client(user_create())


@pytest.fixture(scope="module")
def running(django_db_setup: None, log: Path, faults: Path) -> Iterator[WorkerProcess]:
    with (
        empty_queue(),
        worker(django_rq.get_queue(QUEUE.name), log, *FAULTY) as process,
    ):
        yield process


def test_a_submitted_backtest_completes(
    api: APIClient, running: WorkerProcess, log: Path
) -> None:
    done = ended(submit(api), 30, log)

    assert (done.status, done.attempt) == ("completed", 1)
    assert api.get(f"{URL}{done.pk}/trades/").json()["count"] > 0


def test_a_running_one_is_stopped_within_seconds_wherever_it_is(
    api: APIClient, running: WorkerProcess, log: Path, faults: Path
) -> None:
    put(faults, "simulating", "frozen")
    backtest = submit(api)
    horse = running.caught()

    assert api.post(f"{URL}{backtest.pk}/cancel/").json()["status"] == "cancelled"

    # Frozen, so that only a kill from outside can end it, as inside a kernel.
    until(lambda: not Path(f"/proc/{horse}").exists(), 3, log)
    # The worker lives on, and nothing revives what was cancelled.
    assert ended(submit(api, bars=600), 30, log).status == "completed"
    backtest.refresh_from_db()
    assert (backtest.status, backtest.attempt) == ("cancelled", 1)
    assert not BacktestResult.objects.filter(backtest=backtest).exists()


def test_another_attempt_completes_what_a_killed_process_began(
    api: APIClient, running: WorkerProcess, log: Path, faults: Path
) -> None:
    put(faults, "simulating", "frozen")
    backtest = submit(api)

    kill(running.caught())

    done = ended(backtest, 30, log)
    assert (done.status, done.attempt) == ("completed", 2)


def test_a_job_that_kills_its_process_every_time_ends_failed(
    api: APIClient, running: WorkerProcess, log: Path, faults: Path
) -> None:
    put(faults, "simulating", "frozen")
    backtest = submit(api)

    for _ in range(3):
        horse = running.caught()
        put(faults, "simulating", "frozen")
        kill(horse)

    failed = ended(backtest, 30, log)
    assert (failed.status, failed.error_code) == ("failed", "worker_lost")
    assert failed.attempt == 3
    assert not BacktestResult.objects.exists()
