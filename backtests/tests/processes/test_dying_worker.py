"""A worker that ends, and a Redis that forgets, lose no backtest."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rest_framework.test import APIClient
from rq import Queue

from accounts.tests.factories import api_client, user_create
from backtests.models import Backtest
from backtests.tests.processes.faults import FAULTY, put
from backtests.tests.processes.runs import ended, submit
from backtests.tests.processes.workers import WorkerProcess, worker
from backtests.tests.queues import empty_queue

SWEPT = 30.0

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]


@pytest.fixture
def queue() -> Iterator[Queue]:
    with empty_queue() as queue:
        yield queue


@pytest.fixture
def api() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def mortal(queue: Queue, log: Path, faults: Path) -> Iterator[WorkerProcess]:
    with worker(queue, log, *FAULTY) as process:
        yield process


def test_another_worker_completes_what_a_killed_one_began(
    api: APIClient, mortal: WorkerProcess, queue: Queue, log: Path, faults: Path
) -> None:
    put(faults, "simulating", "frozen")
    backtest = submit(api)
    mortal.caught()

    mortal.kill()

    with worker(queue, log, *FAULTY):
        done = ended(backtest, SWEPT, log)
    assert (done.status, done.attempt) == ("completed", 2)


def test_a_job_that_outlives_its_worker_is_completed(
    api: APIClient, mortal: WorkerProcess, log: Path, faults: Path
) -> None:
    put(faults, "simulating", "worker")

    done = ended(submit(api), 30, log)

    assert mortal.process.wait(timeout=10) == -signal.SIGKILL
    assert (done.status, done.attempt) == ("completed", 1)


def test_a_worker_asked_to_stop_finishes_its_job_and_leaves(
    api: APIClient, mortal: WorkerProcess, log: Path, faults: Path
) -> None:
    put(faults, "simulating", "frozen")
    backtest = submit(api)
    horse = mortal.caught()

    mortal.process.terminate()
    time.sleep(0.5)  # A worker that left at once would be gone by then.
    assert mortal.process.poll() is None
    os.kill(horse, signal.SIGCONT)

    assert mortal.process.wait(timeout=30) == 0
    done = ended(backtest, 1, log)
    assert (done.status, done.attempt) == ("completed", 1)


def test_jobs_survive_the_loss_of_redis(
    api: APIClient, queue: Queue, log: Path, faults: Path
) -> None:
    waiting = [submit(api, bars=bars) for bars in (300, 400, 500)]
    # The sweep leaves young rows alone.
    Backtest.objects.update(queued_at="2024-01-01T00:00:00Z")

    queue.connection.flushdb()  # the database number of the queue, no other

    assert queue.job_ids == []
    with worker(queue, log, *FAULTY):
        states = [ended(backtest, SWEPT, log).status for backtest in waiting]
    assert states == ["completed"] * 3
