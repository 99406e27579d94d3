"""A verification's states: who may take it, end it, and ask for it again."""

import logging
from collections.abc import Iterator

import numpy as np
import pytest
from pytest_django import (
    DjangoAssertNumQueries,
    DjangoCaptureOnCommitCallbacks,
    Settings,
)
from rq import Queue

from accounts.models import User
from accounts.tests.factories import user_create
from backtests import jobs
from backtests.jobs import run_verification
from backtests.models import Backtest, BacktestResult, Verification
from backtests.reproduction import reproduce
from backtests.services import verification as module
from backtests.services.execution import AttemptOver
from backtests.services.verification import (
    verification_claim,
    verification_execute,
    verification_fail,
    verification_run,
)
from backtests.services.verification_submission import verification_request
from backtests.tables import decode_table, encode_table
from backtests.tests.factories import backtest_in, completed, day, walk_series
from backtests.tests.queues import empty_queue, work_off
from botforge.errors import Conflict, Gone, QuotaExceeded
from marketdata.models import CandleBlock, Series

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


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


def verification_in(backtest: Backtest, status: str) -> Verification:
    return Verification.objects.create(
        backtest=backtest, status=status, job_id="a-job", attempt=1, queued_at=day(0)
    )


def claimed(backtest: Backtest) -> Verification:
    taken = verification_claim(backtest.pk)
    assert taken is not None
    return taken


def equity_changed(backtest: Backtest) -> None:
    result = BacktestResult.objects.get(pk=backtest.pk)
    columns = {k: c.copy() for k, c in decode_table(result.equity).items()}
    columns["equity"][-1] = np.nextafter(columns["equity"][-1], 0)
    BacktestResult.objects.filter(pk=backtest.pk).update(equity=encode_table(columns))


def test_asking_queues_a_row_and_a_job_that_verifies(
    done: Backtest,
    queue: Queue,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        asked = verification_request(backtest=done)
    assert asked.status == "queued"
    assert queue.job_ids == [asked.job_id]

    work_off(queue)

    asked.refresh_from_db()
    assert (asked.status, asked.outcome) == ("completed", "identical")
    assert (asked.attempt, asked.differences, asked.numbers_differ) == (1, [], False)
    assert asked.started_at is not None
    assert asked.finished_at is not None


@pytest.mark.parametrize("status", ["queued", "running"])
def test_asking_again_while_it_is_active_gives_the_same_one(
    done: Backtest,
    queue: Queue,
    status: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    verification_in(done, status)

    with django_capture_on_commit_callbacks(execute=True):
        asked = verification_request(backtest=done)

    assert (asked.status, asked.job_id, asked.attempt) == (status, "a-job", 1)
    assert queue.job_ids == []


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_one_that_is_over_can_be_asked_for_anew(done: Backtest, status: str) -> None:
    old = verification_in(done, status)
    Verification.objects.filter(pk=old.pk).update(
        outcome="different", differences=[{}], error_code="x", finished_at=day(1)
    )

    asked = verification_request(backtest=done)

    assert (asked.status, asked.outcome, asked.attempt) == ("queued", "", 0)
    assert (asked.differences, asked.error_code, asked.finished_at) == ([], "", None)
    assert asked.job_id != "a-job"


def test_two_requests_at_once_queue_one_job(
    done: Backtest,
    queue: Queue,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    first: list[Verification] = []

    def while_another_asks(backtest: Backtest, *tables: str) -> BacktestResult:
        if not first:
            first.append(Verification())
            first[0] = verification_request(backtest=backtest)
        return BacktestResult.objects.get(pk=backtest.pk)

    monkeypatch.setattr(
        "backtests.services.verification_submission.result_of", while_another_asks
    )
    with django_capture_on_commit_callbacks(execute=True):
        second = verification_request(backtest=done)

    assert second.job_id == first[0].job_id
    assert queue.job_ids == [second.job_id]


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_what_has_no_result_is_refused(
    alice: User, series: Series, status: str
) -> None:
    with pytest.raises(Conflict):
        verification_request(backtest=backtest_in(alice, series, status))

    assert not Verification.objects.exists()


def test_a_purged_result_is_refused(done: Backtest) -> None:
    BacktestResult.objects.update(purged_at=day(9))

    with pytest.raises(Gone, match="deleted on 2024-01-10"):
        verification_request(backtest=done)


def test_an_owner_cannot_wait_for_too_many_but_an_operator_may(
    alice: User, series: Series, done: Backtest, settings: Settings
) -> None:
    settings.BACKTESTS_MAX_ACTIVE = 1
    verification_in(completed(alice, series), "running")

    with pytest.raises(QuotaExceeded, match="1 verifications"):
        verification_request(backtest=done)

    assert verification_request(backtest=done, limited=False).status == "queued"


def test_only_one_claim_succeeds(done: Backtest) -> None:
    verification_in(done, "queued")
    taken = verification_claim(done.pk, "the-job")

    assert taken is not None
    assert verification_claim(done.pk) is None

    taken.refresh_from_db()
    assert (taken.status, taken.attempt, taken.job_id) == ("running", 2, "the-job")


@pytest.mark.parametrize("status", ["running", "completed", "failed"])
def test_what_is_not_queued_cannot_be_claimed(done: Backtest, status: str) -> None:
    verification_in(done, status)

    assert verification_claim(done.pk) is None


def test_a_row_taken_over_in_the_middle_keeps_the_other_attempts_word(
    done: Backtest, monkeypatch: pytest.MonkeyPatch
) -> None:
    verification_in(done, "queued")
    mine = claimed(done)

    def lose(backtest: Backtest) -> object:
        Verification.objects.filter(pk=backtest.pk).update(attempt=9)
        return reproduce(backtest)

    monkeypatch.setattr(module, "reproduce", lose)

    with pytest.raises(AttemptOver):
        verification_execute(mine)

    assert not verification_fail(mine, code="internal", detail="late")
    mine.refresh_from_db()
    assert (mine.status, mine.outcome, mine.attempt) == ("running", "", 9)


def test_a_backtest_deleted_meanwhile_leaves_nothing(done: Backtest) -> None:
    verification_in(done, "queued")
    mine = claimed(done)
    done.delete()

    with pytest.raises((AttemptOver, Conflict)):
        verification_execute(mine)

    assert not Verification.objects.exists()


def test_it_takes_few_queries(
    done: Backtest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    verification_in(done, "queued")

    # the row with its backtest, the claim, the result, the candles, the end
    with django_assert_num_queries(5):
        run_verification(done.pk)


def test_other_numbers_for_the_same_inputs_are_logged_as_critical(
    done: Backtest, caplog: pytest.LogCaptureFixture
) -> None:
    equity_changed(done)
    verification_in(done, "queued")

    with caplog.at_level(logging.CRITICAL):
        run_verification(done.pk)

    assert Verification.objects.get().outcome == "different"
    assert f"Backtest {done.pk} gave other numbers" in caplog.text


def test_changed_data_is_not_logged_as_a_bug(
    done: Backtest, caplog: pytest.LogCaptureFixture
) -> None:
    CandleBlock.objects.all().delete()
    verification_in(done, "queued")

    with caplog.at_level(logging.ERROR):
        run_verification(done.pk)

    kept = Verification.objects.get()
    assert (kept.outcome, kept.numbers_differ) == ("data_changed", True)
    assert caplog.text == ""


def test_a_result_purged_before_its_turn_fails_with_a_sentence(done: Backtest) -> None:
    verification_in(done, "queued")
    BacktestResult.objects.update(purged_at=day(9))

    run_verification(done.pk)

    failed = Verification.objects.get()
    assert (failed.status, failed.outcome) == ("failed", "")
    assert failed.error_code == "result_purged"
    assert failed.numbers_differ is None


def test_a_bug_is_logged_and_not_shown(
    done: Backtest,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def explode(verification: Verification) -> None:
        raise ZeroDivisionError("secret")

    verification_in(done, "queued")
    monkeypatch.setattr(jobs, "verification_execute", explode)

    run_verification(done.pk)

    failed = Verification.objects.get()
    assert (failed.status, failed.error_code) == ("failed", "internal")
    assert "secret" not in failed.error_detail
    assert "secret" in caplog.text


def test_without_the_queue_it_is_run_and_kept(done: Backtest) -> None:
    assert verification_run(backtest=done).outcome == "identical"

    kept = Verification.objects.get()
    assert (kept.status, kept.outcome) == ("completed", "identical")
    assert (kept.attempt, kept.job_id) == (1, "")


def test_without_the_queue_an_older_one_is_replaced_and_an_active_one_left_alone(
    alice: User, series: Series, done: Backtest
) -> None:
    verification_in(done, "failed")
    waiting = verification_in(completed(alice, series), "queued")

    verification_run(backtest=done)
    verification_run(backtest=waiting.backtest)

    assert Verification.objects.get(pk=done.pk).outcome == "identical"
    waiting.refresh_from_db()
    assert (waiting.status, waiting.outcome) == ("queued", "")
