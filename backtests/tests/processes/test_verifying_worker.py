"""A verification whose worker is killed, or whose queue is wiped, ends all the same."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rq import Queue

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, Verification
from backtests.services.verification_submission import verification_request
from backtests.tests.factories import completed, walk_series
from backtests.tests.processes.faults import FAULTY, put
from backtests.tests.processes.places import VERIFYING
from backtests.tests.processes.workers import kill, until, worker
from backtests.tests.queues import empty_queue

SWEPT = 30.0

pytestmark = [
    pytest.mark.processes,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def queue() -> Iterator[Queue]:
    with empty_queue() as queue:
        yield queue


def asked(owner: User, *, bars: int) -> Backtest:
    series = walk_series(bars=bars, symbol=f"WALK{bars}/USDT")
    done = completed(owner, series, library="rsi_reversion")
    verification_request(backtest=done)
    return done


def ended(backtest: Backtest, log: Path) -> Verification:
    over = Verification.objects.filter(pk=backtest.pk).exclude(
        status__in=Verification.ACTIVE
    )
    until(over.exists, SWEPT, log)
    return over.get()


def test_one_whose_process_is_killed_is_run_again(
    alice: User, queue: Queue, log: Path, faults: Path
) -> None:
    with worker(queue, log, *FAULTY) as process:
        put(faults, VERIFYING, "frozen")
        done = asked(alice, bars=300)

        kill(process.caught())

        verification = ended(done, log)
    assert (verification.status, verification.outcome) == ("completed", "identical")
    assert verification.attempt == 2


def test_those_that_wait_survive_the_loss_of_redis(
    alice: User, queue: Queue, log: Path, faults: Path
) -> None:
    waiting = [asked(alice, bars=bars) for bars in (300, 400)]
    # The sweep leaves young rows alone.
    Verification.objects.update(queued_at="2024-01-01T00:00:00Z")

    queue.connection.flushdb()  # the database number of the queue, no other

    with worker(queue, log, *FAULTY):
        outcomes = [ended(backtest, log).outcome for backtest in waiting]
    assert outcomes == ["identical", "identical"]
