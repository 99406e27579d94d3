from types import ModuleType

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import user_create
from backtests import computation
from backtests.models import Backtest, BacktestResult
from backtests.services import execution
from backtests.services.execution import (
    AttemptOver,
    backtest_claim,
    backtest_execute,
    backtest_fail,
)
from backtests.tests.factories import backtest_in, backtest_queued, day, walk_series
from botforge.errors import InvalidInput
from marketdata.models import CandleBlock, Series
from strategies.tests.factories import strategy_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def queued(alice: User, series: Series) -> Backtest:
    return backtest_queued(alice, series, library="ma_cross")


def claimed(backtest: Backtest) -> Backtest:
    taken = backtest_claim(backtest.pk)
    assert taken is not None
    return taken


def test_a_claim_starts_the_row(queued: Backtest) -> None:
    backtest_claim(queued.pk, "the-job")

    queued.refresh_from_db()
    assert (queued.status, queued.attempt) == ("running", 1)
    assert (queued.stage, queued.stages_done) == ("loading", 0)
    assert queued.started_at is not None
    assert queued.job_id == "the-job"


def test_a_claim_without_a_job_leaves_the_jobs_name(queued: Backtest) -> None:
    before = queued.job_id

    assert claimed(queued).attempt == 1

    queued.refresh_from_db()
    assert queued.job_id == before


def test_only_one_claim_succeeds(queued: Backtest) -> None:
    claimed(queued)

    assert backtest_claim(queued.pk) is None

    queued.refresh_from_db()
    assert queued.attempt == 1


def test_a_claim_that_was_overtaken_between_read_and_write_fails(
    queued: Backtest, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Backtest.objects.filter(pk=queued.pk).first

    def read_then_lose(*args: object) -> Backtest | None:
        row = first()
        Backtest.objects.filter(pk=queued.pk).update(status="running", attempt=1)
        return row

    monkeypatch.setattr("django.db.models.query.QuerySet.first", read_then_lose)

    assert backtest_claim(queued.pk) is None


@pytest.mark.parametrize("status", ["running", "completed", "failed", "cancelled"])
def test_what_is_not_queued_cannot_be_claimed(
    alice: User, series: Series, status: str
) -> None:
    assert backtest_claim(backtest_in(alice, series, status).pk) is None


def test_what_does_not_exist_cannot_be_claimed() -> None:
    assert backtest_claim(12345) is None


def test_the_result_is_stored_with_the_state(queued: Backtest) -> None:
    backtest_execute(claimed(queued))

    queued.refresh_from_db()
    assert queued.status == "completed"
    assert (queued.stage, queued.stages_done) == ("", 4)
    assert queued.finished_at is not None
    assert queued.result.metrics["trades"] > 0


def test_a_run_takes_few_queries(
    queued: Backtest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    running = claimed(queued)

    # candles, three stages; in one savepoint the state, the trial, all trials together
    # and the result; and there, that PostgreSQL shall wait for the disk
    with django_assert_num_queries(11 if connection.vendor == "postgresql" else 10):
        backtest_execute(running)


def test_a_row_cancelled_before_the_start_writes_nothing(queued: Backtest) -> None:
    running = claimed(queued)
    Backtest.objects.filter(pk=queued.pk).update(status="cancelled")

    with pytest.raises(AttemptOver):
        backtest_execute(running)

    assert not BacktestResult.objects.exists()


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (computation, "simulate"),
        (computation, "measure"),
        (execution, "checks_of"),
        (execution, "result_row"),
    ],
)
@pytest.mark.parametrize(
    "change", [{"status": "cancelled"}, {"attempt": 2}, {"status": "queued"}]
)
def test_a_row_taken_away_in_the_middle_gets_no_result(
    queued: Backtest,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    step: str,
    change: dict[str, object],
) -> None:
    running = claimed(queued)
    original = getattr(module, step)

    def lose(*args: object, **options: object) -> object:
        Backtest.objects.filter(pk=queued.pk).update(**change)
        return original(*args, **options)

    monkeypatch.setattr(module, step, lose)

    with pytest.raises(AttemptOver):
        backtest_execute(running)

    assert not BacktestResult.objects.exists()
    queued.refresh_from_db()
    assert queued.finished_at is None
    for field, value in change.items():
        assert getattr(queued, field) == value


def test_a_result_that_cannot_be_stored_leaves_the_state(
    queued: Backtest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OSError("disk full")

    running = claimed(queued)
    monkeypatch.setattr(execution, "insert_row", fail)

    with pytest.raises(OSError, match="disk full"):
        backtest_execute(running)

    queued.refresh_from_db()
    assert (queued.status, queued.finished_at) == ("running", None)
    assert not BacktestResult.objects.exists()


def test_candles_that_are_gone_by_then_are_a_sentence(queued: Backtest) -> None:
    running = claimed(queued)
    CandleBlock.objects.all().delete()

    with pytest.raises(InvalidInput, match="candles of this window are gone"):
        backtest_execute(running)


def test_user_code_runs_like_a_built_in_strategy(
    alice: User, queued: Backtest, series: Series
) -> None:
    code = "enter_long = close > open\nexit_long = close < open\n"
    version = strategy_of(alice, code=code).versions.get()
    Backtest.objects.filter(pk=queued.pk).update(
        library="", strategy_version=version, parameters={}
    )

    backtest_execute(claimed(queued))

    result = BacktestResult.objects.get()
    assert result.metrics["trades"] > 0
    assert result.manifest["strategy"]["source_hash"] == version.source_hash


def test_the_bars_are_counted_again_when_it_runs(alice: User, series: Series) -> None:
    backtest = backtest_queued(alice, series, start=day(1), end=day(2))
    Backtest.objects.filter(pk=backtest.pk).update(bars=5)

    backtest_execute(claimed(backtest))

    backtest.refresh_from_db()
    assert backtest.bars == 24


def test_an_attempt_can_only_fail_itself(queued: Backtest) -> None:
    first = claimed(queued)
    Backtest.objects.filter(pk=queued.pk).update(attempt=2)

    assert not backtest_fail(first, code="internal", detail="late")

    queued.refresh_from_db()
    assert (queued.status, queued.error_code) == ("running", "")
