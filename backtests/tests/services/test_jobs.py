import logging
from collections.abc import Callable

import pytest
from rq.timeouts import JobTimeoutException

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from backtests import jobs
from backtests.jobs import run_backtest
from backtests.models import Backtest, BacktestResult
from backtests.services import execution
from backtests.services.execution import AttemptOver
from backtests.tests.factories import backtest_in, backtest_queued, walk_series
from botforge.errors import InvalidInput
from marketdata.models import CandleBlock, Series

pytestmark = pytest.mark.django_db

type Broken = Callable[[Exception], None]


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def queued(alice: User, series: Series) -> Backtest:
    return backtest_queued(alice, series, library="ma_cross")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    """Let the next run raise the exception."""

    def raise_in_the_run(error: Exception) -> None:
        def execute(backtest: Backtest) -> None:
            raise error

        monkeypatch.setattr(jobs, "backtest_execute", execute)

    return raise_in_the_run


def test_a_run_ends_completed(queued: Backtest) -> None:
    run_backtest(queued.pk)

    queued.refresh_from_db()
    assert queued.status == "completed"


def test_a_second_job_for_the_same_row_does_nothing(queued: Backtest) -> None:
    run_backtest(queued.pk)
    first = BacktestResult.objects.get()

    run_backtest(queued.pk)

    queued.refresh_from_db()
    assert queued.attempt == 1
    assert BacktestResult.objects.get().metrics == first.metrics


@pytest.mark.parametrize("status", ["running", "cancelled", "failed"])
def test_a_row_that_does_not_wait_is_left_alone(
    alice: User, series: Series, status: str
) -> None:
    backtest = backtest_in(alice, series, status)

    run_backtest(backtest.pk)

    after = Backtest.objects.get(pk=backtest.pk)
    assert (after.status, after.attempt) == (status, backtest.attempt)
    assert not BacktestResult.objects.exists()


def test_a_row_that_was_deleted_is_no_bug() -> None:
    run_backtest(12345)


def test_what_the_owner_can_mend_is_told_in_a_sentence(
    alice: User, queued: Backtest
) -> None:
    CandleBlock.objects.all().delete()

    run_backtest(queued.pk)

    body = api_client(alice).get(f"/api/v1/backtests/{queued.pk}/").json()
    assert body["status"] == "failed"
    assert body["error"] == {
        "code": "invalid",
        "detail": "The candles of this window are gone.",
    }
    assert body["finished_at"] is not None


def test_an_error_of_the_application_keeps_its_code(
    queued: Backtest, broken: Broken
) -> None:
    broken(InvalidInput.field("series", "bad_candle", "Candle 5 is broken."))

    run_backtest(queued.pk)

    queued.refresh_from_db()
    assert queued.error_detail == "Candle 5 is broken."


def test_a_bug_is_logged_and_not_shown(
    alice: User, queued: Backtest, broken: Broken, caplog: pytest.LogCaptureFixture
) -> None:
    broken(RuntimeError("secret detail"))

    with caplog.at_level(logging.ERROR):
        run_backtest(queued.pk)

    response = api_client(alice).get(f"/api/v1/backtests/{queued.pk}/")
    assert response.json()["status"] == "failed"
    assert response.json()["error"]["code"] == "internal"
    assert b"secret" not in response.content
    assert "secret detail" in caplog.text
    assert "Traceback" in caplog.text


def test_a_run_that_takes_too_long_says_so(queued: Backtest, broken: Broken) -> None:
    broken(JobTimeoutException("600 seconds"))

    run_backtest(queued.pk)

    queued.refresh_from_db()
    assert queued.error_code == "timeout"
    assert "shorten the window" in queued.error_detail


def test_an_attempt_that_is_over_is_silent(
    queued: Backtest, broken: Broken, caplog: pytest.LogCaptureFixture
) -> None:
    broken(AttemptOver())

    with caplog.at_level(logging.WARNING):
        run_backtest(queued.pk)

    queued.refresh_from_db()
    assert queued.error_code == ""
    assert caplog.text == ""


def test_a_result_that_cannot_be_stored_ends_failed_with_nothing_half_written(
    queued: Backtest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(execution, "insert_row", fail)

    run_backtest(queued.pk)

    queued.refresh_from_db()
    assert (queued.status, queued.error_code) == ("failed", "internal")
    assert queued.engine_version == ""
    assert not BacktestResult.objects.exists()
