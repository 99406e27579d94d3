"""A worker rehearses before its first job, and nobody sees it."""

import gc
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, transaction

from accounts.models import User
from accounts.tests.factories import user_create
from backtests import rehearsal
from backtests.models import Backtest, BacktestResult
from backtests.rehearsal import rehearse
from backtests.services import execution
from backtests.tests.factories import completed, walk_series

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unfrozen() -> Any:
    yield
    gc.unfreeze()


@pytest.fixture
def alice() -> User:
    return user_create()


def row_of(backtest: Backtest) -> Any:
    return Backtest.objects.filter(pk=backtest.pk).values().get()


def test_made_up_backtests_are_run_to_their_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended: list[str] = []

    def seen(backtest: Backtest) -> None:
        execute(backtest)
        ended.append(Backtest.objects.get(pk=backtest.pk).status)

    execute = execution.backtest_execute
    monkeypatch.setattr(rehearsal, "backtest_execute", seen)

    rehearse()

    assert ended == ["completed"] * rehearsal.TIMES


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_it() -> None:
    rehearse()

    for model in apps.get_models():
        if model._meta.app_label in ("accounts", "marketdata", "backtests"):
            assert not model._default_manager.exists(), model


@pytest.mark.django_db(transaction=True)
def test_to_go_through_it_again_changes_nothing(alice: User) -> None:
    real = completed(alice, walk_series())
    again = rehearse()
    before = row_of(real)

    again()

    assert row_of(real) == before
    assert Backtest.objects.count() == BacktestResult.objects.count() == 1


def test_a_database_that_is_down_is_no_reason_not_to_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(*args: Any, **options: Any) -> None:
        raise OperationalError("it starts up")

    monkeypatch.setattr(transaction, "atomic", down)
    caplog.set_level("WARNING")

    rehearse()

    assert "no rehearsal" in caplog.text
