import os
import signal
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connections

from backtests import worker as module
from backtests.tests.queues import empty_queue
from backtests.worker import PreloadWorker

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[PreloadWorker]:
    # What it does to its process for good is no matter here.
    for name in ("relax_commits", "rehearse"):
        monkeypatch.setattr(module, name, lambda: None)
    with empty_queue() as queue:
        yield PreloadWorker([queue], connection=queue.connection)


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    groups: list[int] = []
    monkeypatch.setattr(os, "getpgid", lambda pid: pid)
    monkeypatch.setattr(os, "killpg", lambda group, sig: groups.append(group))
    return groups


def test_a_job_is_stopped_by_killing_its_process(
    worker: PreloadWorker, killed: list[int]
) -> None:
    worker._horse_pid = 4711

    worker.kill_horse(signal.SIGKILL)

    assert killed == [4711]


def test_a_stop_that_comes_too_late_does_not_kill_the_worker_itself(
    worker: PreloadWorker, killed: list[int]
) -> None:
    worker._horse_pid = 0

    worker.kill_horse(signal.SIGKILL)

    assert killed == []


def test_a_sweep_that_fails_does_not_end_the_worker(
    worker: PreloadWorker,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise OperationalError("the database restarts")

    monkeypatch.setattr(module, "recover_backtests", fail)
    monkeypatch.setattr(connections, "close_all", lambda: None)

    worker.run_maintenance_tasks()

    assert "the next one will try again" in caplog.text
