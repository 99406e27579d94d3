"""A worker that is killed in the middle of an import leaves no half of one."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings
from rq import Queue

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.tests.processes.workers import (
    WorkerProcess,
    freeze,
    kill,
    until,
    worker,
)
from marketdata.models import CandleBlock, ImportJob, ImportRun, Series, UploadPart
from marketdata.services.fetching import FetchRequest
from marketdata.services.import_submission import Upload, fetch_create, upload_create
from marketdata.storage import read_candles
from marketdata.tests.candles import candles, csv_file, same
from marketdata.tests.imports.fetches import WHOLE, exchange_of, moment
from marketdata.tests.imports.queues import empty_queue
from marketdata.tests.providers.servers import Server

DATA_WORKER = ("--worker-class", "marketdata.worker.DataWorker")
# An import of these takes half a second: long enough to be caught.
MINUTES = candles(200_000, step=60_000)
# A worker sweeps every 15 seconds and counts a job as abandoned after 20.
SWEPT = 60.0

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


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


@pytest.fixture
def exchange(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Yield an exchange that holds its third page back."""
    with exchange_of(settings) as server:
        monkeypatch.setenv("CCXT_URL", server.url)
        server.fail(None, None, None)
        server.hold = threading.Event()
        yield server
        release(server)


@pytest.fixture
def mortal(exchange: Server, queue: Queue, log: Path) -> Iterator[WorkerProcess]:
    with worker(queue, log, *DATA_WORKER) as process:
        yield process


def release(exchange: Server) -> None:
    """Let the exchange answer, what it holds back included."""
    assert exchange.hold is not None
    exchange.hold.set()


def submit_fetch(alice: User) -> ImportJob:
    request = FetchRequest("ccxt:binance", "BTC/USDT", "1h", moment(0), moment(2500))
    return fetch_create(owner=alice, request=request)


def submit_upload(alice: User, folder: Path) -> ImportJob:
    path = csv_file(folder, MINUTES, "BTC.csv")
    upload = Upload(path, path.name, "upload", "BTC/USDT", "1m")
    return upload_create(owner=alice, upload=upload)


def caught(process: WorkerProcess, condition: Callable[[], object]) -> int:
    """Freeze the horse once the condition holds, and return its id."""
    until(condition, 60, process.log)
    horse = process.horse
    assert horse is not None
    freeze(horse)
    return horse


def waits_for_page(exchange: Server, asked: int) -> Callable[[], bool]:
    return lambda: len(exchange.asked) == asked


def writes(job: ImportJob, attempt: int) -> Callable[[], bool]:
    """Return a condition: the attempt has stored something it has not committed."""

    def begun() -> bool:
        running = ImportJob.objects.filter(
            pk=job.pk, attempt=attempt, status="running"
        ).exists()
        return running and _has_open_transaction()

    return begun


def _has_open_transaction() -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # The one that writes holds the file locked from its first statement.
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except Exception:  # noqa: BLE001 - any means: locked
                return True
            cursor.execute("ROLLBACK")
            return False
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND relation = 'marketdata_candleblock'::regclass "
            "AND mode = 'RowExclusiveLock'"
        )
        return bool(cursor.fetchone()[0])


def ended(job: ImportJob, seconds: float, log: Path) -> ImportJob:
    """Wait until the import is over and return it as it is then."""
    over = ImportJob.objects.filter(pk=job.pk).exclude(status__in=ImportJob.ACTIVE)
    until(over.exists, seconds, log)
    return over.get()


def stored() -> list[int]:
    return [m.objects.count() for m in (Series, CandleBlock, ImportRun)]


def test_a_fetch_goes_on_where_its_killed_process_ended(
    alice: User, exchange: Server, mortal: WorkerProcess, log: Path
) -> None:
    job = submit_fetch(alice)
    horse = caught(mortal, waits_for_page(exchange, 3))
    assert ImportRun.objects.get().new == 1999
    release(exchange)

    kill(horse)

    done = ended(job, SWEPT, log)
    assert (done.status, done.attempt, done.bars_done) == ("completed", 2, 2500)
    run = ImportRun.objects.get()
    assert (done.run, run.new, run.changed) == (run, 2500, 0)
    assert same(read_candles(Series.objects.get(), None, None), WHOLE)


def test_an_upload_whose_process_is_killed_is_stored_once(
    alice: User, mortal: WorkerProcess, log: Path, tmp_path: Path
) -> None:
    job = submit_upload(alice, tmp_path)
    horse = caught(mortal, writes(job, 1))
    assert stored() == [0, 0, 0]

    kill(horse)

    done = ended(job, SWEPT, log)
    assert (done.status, done.attempt) == ("completed", 2)
    run = ImportRun.objects.get()
    assert (done.run, run.new, run.revision) == (run, len(MINUTES), 1)
    assert same(read_candles(Series.objects.get(), None, None), MINUTES)
    assert not UploadPart.objects.exists()


def test_an_upload_that_kills_every_process_fails_and_leaves_nothing(
    alice: User, mortal: WorkerProcess, log: Path, tmp_path: Path
) -> None:
    job = submit_upload(alice, tmp_path)

    for attempt in (1, 2, 3):
        kill(caught(mortal, writes(job, attempt)))

    failed = ended(job, SWEPT, log)
    assert (failed.status, failed.error_code) == ("failed", "worker_lost")
    assert (failed.attempt, failed.run) == (3, None)
    assert stored() == [0, 0, 0]
    # The next sweep, which comes with the end of a job, takes the file away.
    until(lambda: not UploadPart.objects.exists(), 30, log)


@pytest.mark.slow
def test_another_worker_completes_what_a_killed_one_began(
    alice: User, exchange: Server, mortal: WorkerProcess, queue: Queue, log: Path
) -> None:
    job = submit_fetch(alice)
    caught(mortal, waits_for_page(exchange, 3))
    release(exchange)

    mortal.kill()

    with worker(queue, log, *DATA_WORKER):
        done = ended(job, SWEPT, log)
    assert (done.status, done.attempt) == ("completed", 2)
    assert ImportRun.objects.get().new == 2500
    assert same(read_candles(Series.objects.get(), None, None), WHOLE)
