"""A Redis that is killed, and comes back knowing nothing, loses no backtest.

In a file of its own: a worker of another Redis on the same database would take every
row for one that has lost its job.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django_rq
import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.tests.factories import api_client, user_create
from backtests.models import Backtest, BacktestResult
from backtests.services.queueing import QUEUE
from backtests.tests.processes.faults import FAULTY, put
from backtests.tests.processes.own_redis import OwnRedis, own_redis
from backtests.tests.processes.places import POPPED
from backtests.tests.processes.runs import URL, ended, submit
from backtests.tests.processes.workers import until, worker
from botforge.health import check_worker

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]


@pytest.fixture
def api() -> APIClient:
    return api_client(user_create())


@pytest.fixture
def redis(settings: Settings) -> Iterator[OwnRedis]:
    with own_redis(settings) as server:
        yield server


def test_a_worker_goes_on_when_redis_was_killed_and_comes_back_empty(
    api: APIClient, redis: OwnRedis, log: Path, faults: Path
) -> None:
    with worker(django_rq.get_queue(QUEUE.name), log, *FAULTY) as process:
        put(faults, "simulating", str(redis.pid))
        running = submit(api)
        redis.wait_killed(30)
        waiting = submit(api, bars=600)  # there is no queue to put it into
        redis.start()

        assert ended(running, 60, log).status == "completed"
        Backtest.objects.filter(pk=waiting.pk).update(queued_at="2024-01-01T00:00:00Z")
        assert ended(waiting, 60, log).status == "completed"
        assert process.process.poll() is None
        until(lambda: check_worker() is None, 30, log)
        assert BacktestResult.objects.count() == 2

        # The command to stop a job reaches it again.
        put(faults, "simulating", "frozen")
        frozen = submit(api, bars=700)
        horse = process.caught()
        time.sleep(2)  # Its connection for commands tries again after so long.
        api.post(f"{URL}{frozen.pk}/cancel/")
        until(lambda: not Path(f"/proc/{horse}").exists(), 5, log)


def test_a_job_that_a_dying_worker_took_out_is_not_lost(
    api: APIClient, redis: OwnRedis, log: Path, faults: Path
) -> None:
    queue = django_rq.get_queue(QUEUE.name)
    with worker(queue, log, *FAULTY) as process:
        put(faults, POPPED, "worker")
        backtest = submit(api)
        process.process.wait(30)
    assert queue.job_ids == []

    Backtest.objects.update(queued_at="2024-01-01T00:00:00Z")
    with worker(queue, log, *FAULTY):
        done = ended(backtest, 30, log)

    assert (done.status, done.attempt) == ("completed", 1)
