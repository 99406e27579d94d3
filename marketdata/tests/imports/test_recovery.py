"""Imports that lose their worker, their job or their Redis."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from rq import Queue

from accounts.models import User
from accounts.tests.factories import user_create
from marketdata.models import ImportJob, ImportRun, Series, UploadPart
from marketdata.providers.patience import Patience
from marketdata.services.fetching import FetchRequest
from marketdata.services.import_execution import (
    AttemptOver,
    import_claim,
    import_execute,
)
from marketdata.services.import_recovery import recover_imports
from marketdata.services.import_submission import fetch_create
from marketdata.storage import read_candles
from marketdata.tests.candles import same
from marketdata.tests.imports.fetches import WHOLE, exchange_of, moment
from marketdata.tests.imports.queues import empty_queue, work_off
from marketdata.tests.providers.servers import Reply, Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def exchange(settings: Settings) -> Iterator[Server]:
    with exchange_of(settings) as server:
        yield server


@pytest.fixture
def queue(settings: Settings) -> Iterator[Queue]:
    settings.RQ = {**settings.RQ, "COMMIT_MODE": "auto"}
    with empty_queue() as queue:
        yield queue


type Make = Callable[..., ImportJob]


@pytest.fixture
def make(alice: User, queue: Queue) -> Make:
    """Store a fetch, an hour old, whose job is gone."""

    def job(
        status: str = "queued", *, attempt: int = 0, minutes: int = 60
    ) -> ImportJob:
        request = FetchRequest(
            "ccxt:binance", "BTC/USDT", "1h", moment(0), moment(2500)
        )
        made = fetch_create(owner=alice, request=request)
        ImportJob.objects.filter(pk=made.pk).update(
            status=status,
            attempt=attempt,
            queued_at=timezone.now() - timedelta(minutes=minutes),
        )
        made.refresh_from_db()
        return made

    return job


@pytest.mark.parametrize(
    ("status", "attempt", "expected", "after"),
    [
        ("queued", 0, (1, 0), "queued"),
        ("queued", 3, (1, 0), "queued"),
        ("running", 1, (1, 0), "queued"),
        ("running", 2, (1, 0), "queued"),
        ("running", 3, (0, 1), "failed"),
        ("completed", 1, (0, 0), "completed"),
        ("cancelled", 1, (0, 0), "cancelled"),
    ],
)
def test_a_row_without_a_job_is_queued_again_until_the_third_attempt(
    make: Make, status: str, attempt: int, expected: tuple[int, int], after: str
) -> None:
    job = make(status, attempt=attempt)

    assert recover_imports() == expected

    job.refresh_from_db()
    assert job.status == after
    if after == "failed":
        assert (job.error_code, job.finished_at is not None) == ("worker_lost", True)
    assert recover_imports()[1] == 0


def test_a_young_row_is_left_alone(make: Make) -> None:
    make(minutes=0)

    assert recover_imports() == (0, 0)


def test_what_was_queued_again_completes(
    make: Make, queue: Queue, exchange: Server
) -> None:
    job = make("running", attempt=1)

    recover_imports()
    work_off(queue)

    job.refresh_from_db()
    assert (job.status, job.attempt) == ("completed", 2)


def test_files_of_imports_that_are_over_are_removed(make: Make) -> None:
    for status in ("completed", "failed", "cancelled", "queued"):
        UploadPart.objects.create(job=make(status), number=0, payload=b"x")

    recover_imports()

    assert [part.job.status for part in UploadPart.objects.all()] == ["queued"]


class Killed(BaseException):
    """Raised in place of a wait, as if the process had ended there."""


def die(seconds: float) -> None:
    raise Killed


def test_the_next_attempt_goes_on_where_the_last_one_ended(
    make: Make, exchange: Server
) -> None:
    make()
    first = import_claim(ImportJob.objects.get().pk)
    assert first is not None
    exchange.fail(None, None, Reply(500, "oops"))
    with pytest.raises(Killed):
        import_execute(first, Patience(sleep=die))
    assert ImportRun.objects.get().new == 1999
    exchange.asked.clear()
    ImportJob.objects.update(status="queued")

    second = import_claim(first.pk)
    assert second is not None
    import_execute(second)

    done = ImportJob.objects.get()
    assert (done.status, done.attempt, done.bars_done) == ("completed", 2, 2500)
    assert exchange.starts[0] == int(moment(1997).timestamp() * 1000)
    run = ImportRun.objects.get()
    assert (done.run, run.new, run.unchanged) == (run, 2500, 2)
    assert same(read_candles(Series.objects.get(), None, None), WHOLE)


def test_an_attempt_that_was_taken_over_stores_nothing_more(
    make: Make, exchange: Server
) -> None:
    first = import_claim(make().pk)
    assert first is not None
    ImportJob.objects.update(attempt=2)

    with pytest.raises(AttemptOver):
        import_execute(first)

    assert not Series.objects.exists()
    assert not ImportRun.objects.exists()


def test_of_two_workers_one_takes_the_row(make: Make) -> None:
    pk = make().pk

    assert [import_claim(pk) is not None for _ in range(2)] == [True, False]
