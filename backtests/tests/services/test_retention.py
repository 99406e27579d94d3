"""Tables of old results are deleted; what they came to stays."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories import api_client, user_create
from backtests.housekeeping import tidy
from backtests.models import Backtest, BacktestResult
from backtests.services import retention
from backtests.services.retention import Purged, purge_results
from backtests.tests.factories import completed, walk_series

pytestmark = pytest.mark.django_db

NOW = timezone.now()
URL = "/api/v1/backtests/"

type Make = Callable[..., Backtest]


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def api(alice: User) -> APIClient:
    return api_client(alice)


@pytest.fixture
def make(alice: User, db: None) -> Make:
    series = walk_series()

    def finished(days_ago: int, *, pinned: bool = False) -> Backtest:
        backtest = completed(alice, series, library="ma_cross")
        backtest.finished_at = NOW - timedelta(days=days_ago)
        backtest.pinned = pinned
        backtest.save()
        return backtest

    return finished


def before(days_ago: int) -> datetime:
    return NOW - timedelta(days=days_ago)


def bytes_of(backtest: Backtest) -> int:
    result = BacktestResult.objects.get(pk=backtest.pk)
    return sum(len(getattr(result, table)) for table in BacktestResult.TABLES)


def test_tables_of_older_results_are_deleted_and_counted(make: Make) -> None:
    old, young = make(days_ago=10), make(days_ago=5)
    size = bytes_of(old)
    assert size > 0

    assert purge_results(finished_before=before(7)) == Purged(1, size)

    assert bytes_of(old) == 0
    assert bytes_of(young) == size
    assert BacktestResult.objects.get(pk=young.pk).purged_at is None


def test_metrics_and_manifest_stay(make: Make, api: APIClient) -> None:
    url = f"{URL}{make(days_ago=10).pk}/"
    shown, manifest = api.get(url).json(), api.get(f"{url}manifest/").json()

    purge_results(finished_before=before(7))

    assert api.get(url).json()["metrics"] == shown["metrics"]
    assert api.get(f"{url}manifest/").json() == manifest


@pytest.mark.parametrize("table", ["trades", "fills", "equity"])
def test_a_purged_table_is_gone_and_says_what_to_do(
    make: Make, api: APIClient, table: str
) -> None:
    backtest = make(days_ago=10)
    purge_results(finished_before=before(7))

    answer = api.get(f"{URL}{backtest.pk}/{table}/")

    assert answer.status_code == 410
    assert answer.json()["code"] == "result_purged"
    assert "Rerun" in answer.json()["detail"]


def test_a_pinned_result_is_never_purged(make: Make) -> None:
    kept = make(days_ago=1000, pinned=True)

    assert purge_results(finished_before=before(0)) == Purged(0, 0)
    assert bytes_of(kept) > 0


def test_a_second_purge_finds_nothing(make: Make) -> None:
    backtest = make(days_ago=10)
    purge_results(finished_before=before(7))
    purged_at = BacktestResult.objects.get(pk=backtest.pk).purged_at

    assert purge_results(finished_before=before(7)) == Purged(0, 0)
    assert BacktestResult.objects.get(pk=backtest.pk).purged_at == purged_at


def test_a_rehearsal_counts_and_deletes_nothing(make: Make) -> None:
    backtest = make(days_ago=10)
    size = bytes_of(backtest)

    assert purge_results(finished_before=before(7), dry_run=True) == Purged(1, size)
    assert bytes_of(backtest) == size


def test_more_than_one_batch_is_purged(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    size = sum(bytes_of(make(days_ago=10)) for _ in range(5))

    assert purge_results(finished_before=before(7)) == Purged(5, size)


@pytest.mark.parametrize(("days", "left"), [(0, 2), (7, 1)])
def test_every_night_what_the_operator_does_not_keep_is_purged(
    make: Make, settings: Settings, days: int, left: int
) -> None:
    settings.RESULTS_KEEP_DAYS = days
    make(days_ago=10)
    make(days_ago=5)

    tidy()

    assert BacktestResult.objects.filter(purged_at=None).count() == left
