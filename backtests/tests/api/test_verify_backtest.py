from collections.abc import Iterator

import pytest
from pytest_django import (
    DjangoAssertNumQueries,
    DjangoCaptureOnCommitCallbacks,
    Settings,
)
from rest_framework.test import APIClient
from rq import Queue

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from accounts.tests.problems import problem_of
from backtests.models import Backtest, BacktestResult, Verification
from backtests.services.verification import verification_run
from backtests.tests.factories import backtest_in, completed, day, walk_series
from backtests.tests.queues import empty_queue, work_off
from marketdata.models import Series

URL = "/api/v1/backtests/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def done(alice: User, series: Series) -> Backtest:
    return completed(alice, series)


@pytest.fixture
def queue() -> Iterator[Queue]:
    with empty_queue() as queue:
        yield queue


def test_it_is_accepted_run_and_shown(
    api: APIClient,
    done: Backtest,
    queue: Queue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        accepted = api.post(f"{URL}{done.pk}/verify/")

    assert accepted.status_code == 202
    assert accepted["Location"].endswith(f"{URL}{done.pk}/verification/")
    body = accepted.json()
    assert body == api.get(accepted["Location"]).json()
    assert {k: v for k, v in body.items() if not k.endswith("_at")} == {
        "backtest": done.pk,
        "status": "queued",
        "outcome": None,
        "numbers_differ": None,
        "verdict": None,
        "differences": [],
        "error": None,
        "attempt": 0,
        "duration_ms": None,
    }

    work_off(queue)

    shown = api.get(accepted["Location"]).json()
    assert (shown["status"], shown["outcome"]) == ("completed", "identical")
    assert shown["numbers_differ"] is False
    assert shown["verdict"] == "Made again, every number is the same to the last bit."
    assert shown["duration_ms"] >= 0


def test_what_differs_is_shown(api: APIClient, done: Backtest) -> None:
    manifest = done.result.manifest
    other = {**manifest, "engine_version": "0.9.0"}
    BacktestResult.objects.update(manifest=other)
    verification_run(backtest=Backtest.objects.get())

    shown = api.get(f"{URL}{done.pk}/verification/").json()

    now = manifest["engine_version"]
    assert (shown["outcome"], shown["numbers_differ"]) == ("engine_changed", False)
    assert shown["differences"] == [
        {
            "part": "engine",
            "name": "engine_version",
            "before": "0.9.0",
            "after": now,
            "detail": f"engine_version was 0.9.0 and is {now}.",
        }
    ]


def test_a_failed_one_says_why(api: APIClient, done: Backtest) -> None:
    Verification.objects.create(
        backtest=done,
        status="failed",
        error_code="worker_lost",
        error_detail="It died.",
        queued_at=day(0),
        started_at=day(0),
        finished_at=day(1),
    )

    shown = api.get(f"{URL}{done.pk}/verification/").json()

    assert shown["error"] == {"code": "worker_lost", "detail": "It died."}
    assert shown["duration_ms"] == 86_400_000
    assert shown["outcome"] is None


def test_asking_twice_gives_the_one_that_waits(
    api: APIClient, done: Backtest, queue: Queue
) -> None:
    first = api.post(f"{URL}{done.pk}/verify/")
    second = api.post(f"{URL}{done.pk}/verify/")

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()


def test_a_key_gets_the_first_answer_again(
    api: APIClient, done: Backtest, queue: Queue
) -> None:
    url = f"{URL}{done.pk}/verify/"
    first = api.post(url, headers={"Idempotency-Key": "k"})
    verification_run(backtest=done)
    Verification.objects.update(status="completed")

    second = api.post(url, headers={"Idempotency-Key": "k"})

    assert second["Idempotent-Replayed"] == "true"
    assert second["Location"] == first["Location"]
    assert second.json() == first.json()


def test_before_the_first_there_is_none(api: APIClient, done: Backtest) -> None:
    problem = problem_of(api.get(f"{URL}{done.pk}/verification/"), 404)

    assert "not been verified yet" in problem["detail"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("queued", "not_finished"),
        ("running", "not_finished"),
        ("failed", "no_result"),
        ("cancelled", "no_result"),
    ],
)
def test_what_has_no_result_is_refused(
    api: APIClient, alice: User, series: Series, status: str, code: str
) -> None:
    backtest = backtest_in(alice, series, status)

    problem = problem_of(api.post(f"{URL}{backtest.pk}/verify/"), 409)

    assert problem["code"] == code


def test_a_purged_result_is_refused(api: APIClient, done: Backtest) -> None:
    BacktestResult.objects.update(purged_at=day(9))

    problem = problem_of(api.post(f"{URL}{done.pk}/verify/"), 410)

    assert problem["code"] == "result_purged"


def test_too_many_at_once_are_refused(
    api: APIClient, alice: User, series: Series, done: Backtest, settings: Settings
) -> None:
    settings.BACKTESTS_MAX_ACTIVE = 1
    Verification.objects.create(
        backtest=completed(alice, series), status="queued", queued_at=day(0)
    )

    problem = problem_of(api.post(f"{URL}{done.pk}/verify/"), 429)

    assert problem["code"] == "quota_exceeded"


def test_anonymous_and_strangers_see_nothing(done: Backtest) -> None:
    stranger = api_client(user_create(email="mallory@example.org"))
    verification_run(backtest=done)

    problem_of(APIClient().post(f"{URL}{done.pk}/verify/"), 401)
    problem_of(APIClient().get(f"{URL}{done.pk}/verification/"), 401)
    problem_of(stranger.post(f"{URL}{done.pk}/verify/"), 404)
    problem_of(stranger.get(f"{URL}{done.pk}/verification/"), 404)
    problem_of(stranger.get(f"{URL}123456/verification/"), 404)


def test_it_takes_few_queries(
    api: APIClient,
    done: Backtest,
    queue: Queue,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # the backtest, its result, one that is active, how many are; in a savepoint the
    # old one's update and, in another, the new row; the row as it is then
    with django_assert_num_queries(11):
        api.post(f"{URL}{done.pk}/verify/")
    with django_assert_num_queries(2):
        api.get(f"{URL}{done.pk}/verification/")
