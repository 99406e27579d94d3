from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, Verification
from backtests.tests.factories import backtest_in, completed, walk_series
from backtests.tests.queues import empty_queue
from botforge.job_queue import JobQueue
from marketdata.models import ImportJob, Series

AGO = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture(autouse=True)
def _queue() -> Iterator[None]:
    with empty_queue():
        yield


def run() -> list[list[str]]:
    out = StringIO()
    call_command("recover_jobs", stdout=out)
    return [line.split() for line in out.getvalue().splitlines()]


def test_it_shows_what_was_recovered_of_each_kind(alice: User, series: Series) -> None:
    earlier = timezone.now() - AGO
    for _ in range(2):
        backtest_in(alice, series, "queued")
    lost = backtest_in(alice, series, "running")
    Backtest.objects.update(queued_at=earlier)
    Backtest.objects.filter(pk=lost.pk).update(attempt=3)
    Verification.objects.create(
        backtest=completed(alice, series),
        status="running",
        attempt=1,
        job_id="gone",
        queued_at=earlier,
    )
    ImportJob.objects.create(
        owner=alice,
        kind="upload",
        source="mine",
        symbol="ETH/USDT",
        timeframe="1m",
        status="running",
        attempt=3,
        job_id="gone",
    )

    assert run() == [
        ["queued", "again", "given", "up"],
        ["backtests", "2", "1"],
        ["verifications", "1", "0"],
        ["imports", "0", "1"],
        ["3", "queued", "again,", "2", "given", "up."],
    ]


def test_nothing_to_do_is_shown_as_nothing() -> None:
    assert run()[-1] == ["0", "queued", "again,", "0", "given", "up."]


def test_a_redis_that_is_down_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(queue: JobQueue) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(JobQueue, "standing", down)

    with pytest.raises(CommandError, match="Redis does not answer"):
        run()
