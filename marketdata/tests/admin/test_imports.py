"""Import jobs and what they refused, in the admin."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils.formats import localize
from pytest_django import Settings
from rq import Queue

from accounts.models import User
from accounts.tests.factories import user_create
from marketdata.models import ImportJob, ImportRun, RefusedRow
from marketdata.tests.admin.pages import ADMIN, act, operator_client, told
from marketdata.tests.candles import candles, series_create
from marketdata.tests.imports.fetches import moment
from marketdata.tests.imports.queues import empty_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    return operator_client()


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def queue(settings: Settings) -> Iterator[Queue]:
    settings.RQ = {**settings.RQ, "COMMIT_MODE": "auto"}
    with empty_queue() as queue:
        yield queue


def job_create(owner: User, **changes: Any) -> ImportJob:
    given: dict[str, Any] = {
        "kind": "fetch",
        "source": "ccxt:binance",
        "symbol": "BTC/USDT",
        "timeframe": "1h",
        "start": moment(0),
        "end": moment(100),
        "job_id": "gone",
    }
    return ImportJob.objects.create(owner=owner, **(given | changes))


def run_create(symbol: str = "BTC/USDT", **changes: Any) -> ImportRun:
    given: dict[str, Any] = {
        "series": series_create(candles(5), symbol=symbol),
        "origin": "my.csv",
        "format": "generic_csv",
        "rows": 100,
        "new": 90,
        "changed": 3,
        "unchanged": 0,
        "rejected": {"nan": 5, "off_grid": 2, "future": 0},
        "revision": 1,
    }
    return ImportRun.objects.create(**(given | changes))


def test_the_list_shows_how_far_an_import_is(operator: Client, alice: User) -> None:
    job_create(alice, status="running", stage="fetching", bars_done=25, bars_total=100)

    page = operator.get(f"{ADMIN}importjob/").content.decode()

    assert '<progress max="1" value="0.2500"></progress> 25 of 100 fetching' in page
    assert "ccxt:binance BTC/USDT 1h" in page
    assert "alice@example.org" in page


def test_the_list_shows_what_came_of_an_import(operator: Client, alice: User) -> None:
    job_create(alice, status="completed", run=run_create())
    job_create(alice, status="failed", error_code="x", error_detail="No such market.")

    page = operator.get(f"{ADMIN}importjob/").content.decode()

    assert '<td class="field-stored">90 new, 3 changed</td>' in page
    assert '<td class="field-refused">5 nan, 2 off_grid</td>' in page
    assert "No such market." in page


@pytest.mark.parametrize("status", ["queued", "running"])
def test_an_import_that_is_not_over_is_cancelled(
    operator: Client, alice: User, queue: Queue, status: str
) -> None:
    job = job_create(alice, status=status)

    act(operator, "cancel", job)

    job.refresh_from_db()
    assert job.status == "cancelled"
    assert told(operator, job) == ["1 cancelled."]
    assert LogEntry.objects.get().change_message == "Cancelled."


def test_one_that_is_over_is_not_cancelled(operator: Client, alice: User) -> None:
    job = job_create(alice, status="completed")

    act(operator, "cancel", job)

    job.refresh_from_db()
    assert job.status == "completed"
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_a_fetch_that_is_over_runs_again_as_a_new_one(
    operator: Client, alice: User, queue: Queue, status: str
) -> None:
    job = job_create(alice, status=status)

    act(operator, "run_again", job)

    again = ImportJob.objects.exclude(pk=job.pk).get()
    assert (again.status, again.owner) == ("queued", alice)
    assert (again.symbol, again.window) == (job.symbol, job.window)
    assert LogEntry.objects.get().change_message == "Run again."


def test_an_operator_is_not_held_to_the_owners_quota(
    operator: Client, alice: User, queue: Queue, settings: Settings
) -> None:
    settings.IMPORTS_MAX_ACTIVE = 1
    job_create(alice)

    act(operator, "run_again", job_create(alice, status="failed"))

    assert ImportJob.objects.filter(status="queued").count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": "running"}, "is not over: cancel it first."),
        (
            {"status": "failed", "kind": "upload", "start": None, "end": None},
            "alice@example.org can upload it again.",
        ),
    ],
)
def test_what_cannot_run_again_says_why(
    operator: Client, alice: User, changes: dict[str, Any], sentence: str
) -> None:
    job = job_create(alice, **changes)

    act(operator, "run_again", job)

    (message,) = told(operator, job)
    assert message.endswith(sentence)
    assert ImportJob.objects.count() == 1


def test_staff_who_may_only_look_are_offered_no_action(alice: User) -> None:
    job = job_create(alice)
    staff = user_create(email="staff@example.org")
    staff.is_staff = True
    staff.save()
    staff.user_permissions.add(Permission.objects.get(codename="view_importjob"))
    viewer = Client()
    viewer.force_login(staff)

    page = viewer.get(f"{ADMIN}importjob/").content.decode()
    act(viewer, "cancel", job)

    assert "BTC/USDT" in page
    assert "Cancel selected imports" not in page
    job.refresh_from_db()
    assert job.status == "queued"


def test_the_page_of_a_run_shows_its_refused_rows(operator: Client) -> None:
    run = run_create()
    RefusedRow.objects.create(
        run=run, reason="nan", line=17, time=moment(3), open=10.5, volume=0
    )
    RefusedRow.objects.create(run=run, reason="bad_timestamp", line=19)

    page = operator.get(f"{ADMIN}importrun/{run.pk}/change/").content.decode()

    assert "<p>5 nan, 2 off_grid</p>" in page
    time = localize(moment(3))
    assert f"<td>17</td><td>nan</td><td>{time}</td><td>10.5</td><td>–</td>" in page
    assert "<td>19</td><td>bad_timestamp</td><td>–</td><td>–</td>" in page
    assert "All rows that were kept" not in page


def test_many_refused_rows_have_a_list_of_their_own(operator: Client) -> None:
    run, other = run_create(), run_create(symbol="B")
    rows = [RefusedRow(run=run, reason="nan", line=n) for n in range(1, 61)]
    RefusedRow.objects.bulk_create([*rows, RefusedRow(run=other, reason="inf", line=1)])

    page = operator.get(f"{ADMIN}importrun/{run.pk}/change/").content.decode()
    url = f"{ADMIN}refusedrow/?run__id__exact={run.pk}"
    listed = operator.get(url).content.decode()

    assert f'<a href="{url}">All rows that were kept</a>' in page
    assert page.count("<td>nan</td>") == 50
    assert "60 refused rows" in listed


def test_refused_rows_are_shown_by_reason(operator: Client) -> None:
    run_create()

    page = operator.get(f"{ADMIN}importrun/").content.decode()

    assert "5 nan, 2 off_grid" in page
    assert "future" not in page
