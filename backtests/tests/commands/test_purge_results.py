import io
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, BacktestResult
from backtests.tests.factories import completed, walk_series
from marketdata.models import Series

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("purge_results", *arguments, stdout=out)
    return out.getvalue()


def ended(owner: User, series: Series, *, days_ago: int, bytes: int) -> Backtest:
    """Store a completed backtest whose tables take exactly so many bytes."""
    backtest = completed(owner, series)
    ago = timezone.now() - timedelta(days=days_ago)
    Backtest.objects.filter(pk=backtest.pk).update(finished_at=ago)
    BacktestResult.objects.filter(pk=backtest.pk).update(
        equity=b"x" * bytes, trades=b"", fills=b"", plots=b""
    )
    return backtest


def purged() -> set[int]:
    rows = BacktestResult.objects.filter(purged_at__isnull=False)
    return set(rows.values_list("pk", flat=True))


def test_older_ones_lose_their_tables_and_each_owner_is_shown(
    alice: User, series: Series
) -> None:
    bob = user_create(email="bob@example.org")
    old = [
        ended(alice, series, days_ago=40, bytes=1024),
        ended(bob, series, days_ago=31, bytes=2048),
        ended(bob, series, days_ago=99, bytes=1024),
    ]
    ended(alice, series, days_ago=29, bytes=4096)

    lines = run("--older-than", "30", "--yes").splitlines()

    assert [line.split() for line in lines] == [
        ["owner", "results", "size"],
        ["bob@example.org", "2", "3.0", "KB"],
        ["alice@example.org", "1", "1.0", "KB"],
        ["all", "3", "4.0", "KB"],
        ["3", "results", "purged,", "4.0", "KB", "freed."],
    ]
    assert purged() == {backtest.pk for backtest in old}
    assert BacktestResult.objects.get(pk=old[0].pk).metrics


def test_a_dry_run_shows_and_deletes_nothing(alice: User, series: Series) -> None:
    ended(alice, series, days_ago=40, bytes=1024)

    shown = run("--older-than", "30", "--dry-run")

    assert "1.0 KB" in shown
    assert shown.endswith("Dry run: nothing was deleted.\n")
    assert purged() == set()


def test_nothing_to_do_is_said(alice: User, series: Series) -> None:
    pinned = ended(alice, series, days_ago=40, bytes=10)
    Backtest.objects.filter(pk=pinned.pk).update(pinned=True)

    assert run("--older-than", "30", "--yes") == "No result is older than 30 days.\n"


def test_without_a_yes_nothing_is_deleted(
    alice: User, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(alice, series, days_ago=40, bytes=10)
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))

    with pytest.raises(CommandError, match="Say so with --yes"):
        run("--older-than", "30")

    assert purged() == set()


@pytest.mark.parametrize("days", ["0", "-3", "1.5", "many", "123456"])
def test_days_are_a_whole_number(days: str) -> None:
    with pytest.raises(CommandError, match="whole number of days"):
        run(f"--older-than={days}", "--yes")


def test_days_must_be_given() -> None:
    with pytest.raises(CommandError, match="--older-than"):
        run("--yes")
