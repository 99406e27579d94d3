"""Wherever a process is killed, every backtest ends once: none lost, none doubled."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django_rq
import pytest
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from backtests.models import Backtest, BacktestResult
from backtests.services import submission
from backtests.services.queueing import QUEUE
from backtests.services.recovery import recover_backtests
from backtests.tests.processes.faults import FAULTY, IN_THE_FORK, put
from backtests.tests.processes.runs import URL, ended, submit
from backtests.tests.processes.workers import WorkerProcess, cpu_ticks, until, worker
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


@pytest.mark.parametrize("place", IN_THE_FORK)
def test_a_fork_that_is_killed_anywhere_is_made_up_for(
    api: APIClient, running: WorkerProcess, log: Path, faults: Path, place: str
) -> None:
    put(faults, place, "horse")

    done = ended(submit(api), 30, log)

    # Killed once the result was committed, there is nothing to be made up for; killed
    # before the row was claimed, no attempt had begun.
    attempts = {"begun": 1, "committed": 1}.get(place, 2)
    assert (done.status, done.attempt) == ("completed", attempts)
    assert BacktestResult.objects.count() == 1
    # The commit is seen a moment before the fork comes by the last place.
    until(lambda: not (faults / place).exists(), 10)


def test_a_web_process_that_dies_between_commit_and_queue_loses_nothing(
    api: APIClient,
    running: WorkerProcess,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(submission, "enqueue", lambda *backtests: None)
    backtest = submit(api)
    assert django_rq.get_queue(QUEUE.name).job_ids == []

    Backtest.objects.update(queued_at="2024-01-01T00:00:00Z")
    assert recover_backtests().requeued == 1

    assert ended(backtest, 30, log).status == "completed"


def test_a_cancellation_reaches_a_kernel_that_holds_the_interpreters_lock(
    api: APIClient, running: WorkerProcess, log: Path, faults: Path
) -> None:
    put(faults, "simulating", "nobody")
    backtest = submit(api)
    until(lambda: not (faults / "simulating").exists(), 30, log)
    horse = running.horse
    assert horse is not None
    began = cpu_ticks(horse)
    until(lambda: cpu_ticks(horse) > began + 10, 30, log)  # nothing but the kernel does
    os.kill(horse, signal.SIGALRM)  # what a timeout sends: Python never sees it
    time.sleep(1)
    assert running.horse == horse

    assert api.post(f"{URL}{backtest.pk}/cancel/").json()["status"] == "cancelled"

    until(lambda: not Path(f"/proc/{horse}").exists(), 3, log)
    backtest.refresh_from_db()
    assert (backtest.status, backtest.attempt) == ("cancelled", 1)
    assert not BacktestResult.objects.exists()
    assert ended(submit(api, bars=600), 30, log).status == "completed"
