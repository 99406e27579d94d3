import json
from datetime import timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, BacktestResult, Verification
from backtests.reproduction import reproduce
from backtests.services import verification
from backtests.tables import decode_table, encode_table
from backtests.tests.factories import backtest_in, completed, day, walk_series
from marketdata.models import Series

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


def run(*arguments: str, fails: str = "") -> str:
    """Return what the command prints; ``fails`` is the sentence that it ends with."""
    out = StringIO()
    if not fails:
        call_command("verify_backtests", *arguments, stdout=out)
    else:
        with pytest.raises(CommandError, match=fails) as caught:
            call_command("verify_backtests", *arguments, stdout=out)
        assert caught.value.returncode == 1
    return out.getvalue()


def equity_changed(backtest: Backtest) -> None:
    result = BacktestResult.objects.get(pk=backtest.pk)
    columns = {k: c.copy() for k, c in decode_table(result.equity).items()}
    columns["equity"][-1] = np.nextafter(columns["equity"][-1], 0)
    BacktestResult.objects.filter(pk=backtest.pk).update(equity=encode_table(columns))


def test_identical_results_are_shown_kept_and_end_well(
    alice: User, series: Series
) -> None:
    done = [completed(alice, series), completed(alice, series, library="ma_cross")]

    shown = run("--all")

    assert "ma_cross" in shown
    assert shown.count("the same to the last bit") == 2
    assert shown.endswith("2 verified, none differs.\n")
    assert [v.outcome for v in Verification.objects.all()] == ["identical"] * len(done)


def test_one_that_differs_ends_with_an_error(alice: User, series: Series) -> None:
    completed(alice, series)
    equity_changed(completed(alice, series))

    shown = run("--all", fails="Of 2, 1 differ")

    assert "this is a bug" in shown


def test_another_engine_with_the_same_numbers_is_no_error(
    alice: User, series: Series
) -> None:
    done = completed(alice, series)
    manifest = {**done.result.manifest, "engine_version": "0.9"}
    BacktestResult.objects.update(manifest=manifest)

    assert "engine_changed" in run(str(done.pk))


def test_scripts_get_one_object_a_line(alice: User, series: Series) -> None:
    good, bad = completed(alice, series), completed(alice, series)
    equity_changed(bad)

    lines = run("--all", "--json", fails="Of 2, 1 differ").splitlines()

    first, second = map(json.loads, lines)
    assert first == {
        "backtest": good.pk,
        "outcome": "identical",
        "differs": False,
        "detail": "Made again, every number is the same to the last bit.",
        "differences": [],
    }
    assert (second["backtest"], second["outcome"]) == (bad.pk, "different")
    assert second["differences"][0]["name"] == "equity.equity"


def test_those_of_the_last_days_can_be_chosen(alice: User, series: Series) -> None:
    old, young = completed(alice, series), completed(alice, series)
    ago = timezone.now() - timedelta(days=3)
    Backtest.objects.filter(pk=old.pk).update(finished_at=ago)

    run("--since", "2")

    assert Verification.objects.get().pk == young.pk


def test_what_cannot_be_verified_is_left_out_unless_it_is_named(
    alice: User, series: Series
) -> None:
    purged, failed = completed(alice, series), backtest_in(alice, series, "failed")
    BacktestResult.objects.update(purged_at=day(9))

    assert run("--all") == "0 verified, none differs.\n"
    shown = run(str(purged.pk), str(failed.pk), fails="Of 2, 2 could not be verified")
    assert "were deleted on 2024-01-10" in shown
    assert "it has no result" in shown


def test_a_bug_in_one_does_not_stop_the_others(
    alice: User, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = completed(alice, series), completed(alice, series)

    def explode(backtest: Backtest) -> object:
        if backtest.pk == first.pk:
            raise ZeroDivisionError
        return reproduce(backtest)

    monkeypatch.setattr(verification, "reproduce", explode)

    shown = run("--all", fails="Of 2, 1 could not be verified")

    assert "Something went wrong on our side" in shown
    assert Verification.objects.get().pk == second.pk


@pytest.mark.parametrize(
    "arguments",
    [[], ["1", "--all"], ["--all", "--since", "2"]],
)
def test_exactly_one_choice_is_made(arguments: list[str]) -> None:
    run(*arguments, fails="Say which: ids of backtests, --since DAYS, or --all")


def test_one_that_does_not_exist_is_an_error() -> None:
    run("4711", fails="There is no backtest 4711")


@pytest.mark.parametrize("days", ["0", "-1", "x", "1000000", "²"])
def test_a_number_of_days_is_whole_and_not_too_large(days: str) -> None:
    run(f"--since={days}", fails="whole number of days")


def test_text_is_printed_as_it_is(alice: User) -> None:
    completed(alice, walk_series(symbol="[RED]X[/RED]"))

    assert "[RED]X[/RED]" in run("--all")
