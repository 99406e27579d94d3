import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.tests.factories import user_create
from backtests.models import Backtest, BacktestResult, DailyUsage, Trial
from backtests.reproduction import reproduce
from backtests.tests.factories import completed, day, walk_series
from marketdata.models import Series
from strategies.models import Strategy, StrategyVersion
from strategies.services import strategy_update
from strategies.tests.factories import strategy_of

CODE = "enter_long = close > open\nexit_long = close < open\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return user_create()


@pytest.fixture
def series() -> Series:
    return walk_series()


@pytest.fixture
def code(tmp_path: Path) -> Path:
    path = tmp_path / "up_bars.txt"
    path.write_text(CODE)
    return path


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("run_backtest", *map(str, arguments), stdout=out)
    return out.getvalue()


def as_json(*arguments: object) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return shown


def refused(*arguments: object) -> str:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert caught.value.returncode == 1
    return str(caught.value)


def assert_nothing_stored() -> None:
    for model in (Backtest, BacktestResult, Trial, DailyUsage, Strategy):
        assert not model._default_manager.exists()


def test_it_computes_what_a_worker_computes_and_stores_nothing(
    alice: User, series: Series
) -> None:
    shown = as_json(
        "ma_cross",
        *("--series", series.pk, "--param", "fast=3", "--param", "slow=10"),
        *("--start", "2024-01-05", "--end", "2024-01-12T12:00"),
        *("--set", "fee_rate=0.002", "--set", "allow_short=true"),
    )
    assert_nothing_stored()

    theirs = completed(
        alice,
        series,
        library="ma_cross",
        parameters={"fast": 3, "slow": 10},
        start=day(4),
        end=day(11).replace(hour=12),
        execution={"fee_rate": 0.002, "allow_short": True},
    )
    assert shown["id"] is None
    assert shown["metrics"] == theirs.result.metrics
    assert shown["manifest"] == theirs.result.manifest
    assert shown["checks"] == theirs.result.checks
    assert shown["bars"] == theirs.bars == 7 * 24 + 12


def test_a_person_is_shown_metrics_curves_and_checks(series: Series) -> None:
    shown = run("ma_cross", "--series", series.pk, "--set", "stop_loss=0.02")

    assert shown.startswith("Moving-average cross  fast=")
    assert "WALK/USDT toys 1h, 2024-01-01 00:00 to 2024-01-17 16:00 UTC" in shown
    assert "fee rate 0.1%, slippage 0.05%, fill next open, stop loss 2%" in shown
    for words in ("buy and hold", "Sharpe (daily)", "equity  ", "held    ", "checks"):
        assert words in shown
    assert "Computed 400 bars" in shown
    assert_nothing_stored()


def test_the_series_may_be_given_by_its_names(series: Series) -> None:
    names = ("--source", "toys", "--symbol", "walk/usdt", "--timeframe", "1h")

    assert as_json("buy_and_hold", *names)["series"]["id"] == series.pk
    found = as_json("buy_and_hold", "--series", "toys:WALK/USDT:1h")
    assert found["series"]["id"] == series.pk


def test_a_series_of_anybody_can_be_used(alice: User, series: Series) -> None:
    Series.objects.filter(pk=series.pk).update(owner=alice)

    assert as_json("buy_and_hold", "--series", series.pk)["bars"] == 400


def test_a_file_of_code_runs(series: Series, code: Path) -> None:
    shown = as_json("--code", code, "--series", series.pk)

    assert shown["metrics"]["trades"] > 0
    assert "up_bars, version 1" in run("--code", code, "--series", series.pk)
    assert_nothing_stored()


def test_a_users_strategy_runs_with_its_stored_parameters(
    alice: User, series: Series
) -> None:
    own = strategy_of(
        alice, code='n = param("n", 5)\nenter_long = close > sma(close, n)\n'
    )
    strategy_update(strategy=own, fields={"parameters": {"n": 7}})

    shown = as_json(own.pk, "--series", series.pk)

    assert shown["parameters"] == {"n": 7}
    assert as_json(own.pk, "--series", series.pk, "--param", "n=9")["parameters"] == {
        "n": 9
    }


def test_the_report_is_written(series: Series, tmp_path: Path) -> None:
    path = tmp_path / "out.html"

    shown = run("buy_and_hold", "--series", series.pk, "--report", path)

    page = path.read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "WALK/USDT" in page
    assert f"The report is in {path}." in shown
    assert_nothing_stored()


def test_saved_it_is_a_completed_backtest_of_its_owner(
    alice: User, series: Series
) -> None:
    shown = run(
        *("ma_cross", "--series", series.pk, "--param", "fast=3"),
        *("--save", "--owner", alice.email, "--name", "From the shell"),
    )

    kept = Backtest.objects.get()
    assert f"Stored as backtest {kept.pk}." in shown
    assert (kept.owner, kept.status, kept.name) == (
        alice,
        "completed",
        "From the shell",
    )
    assert (kept.attempt, kept.bars, kept.stages_done) == (1, 400, 4)
    assert kept.run_key
    assert kept.duration_ms is not None
    assert Trial.objects.get().owner == alice
    assert kept.result.trials["count"] == 1
    assert kept.result.trials["sentence"] in " ".join(shown.split())
    assert reproduce(kept).outcome == "identical"


def test_saved_code_is_a_strategy_and_then_its_next_version(
    alice: User, series: Series, code: Path
) -> None:
    save = ("--series", series.pk, "--save", "--owner", alice.email)

    run("--code", code, *save)
    run("--code", code, *save)
    code.write_text(CODE.replace("close > open", "open > close"))
    run("--code", code, *save)

    own = Strategy.objects.get()
    assert (own.name, own.owner, own.version) == ("up_bars", alice, 2)
    numbers = [b.strategy_version.number for b in Backtest.objects.order_by("pk")]  # type: ignore[union-attr] # each has one
    assert numbers == [1, 1, 2]
    for backtest in Backtest.objects.all():
        assert reproduce(backtest).outcome == "identical"


def test_what_is_refused_stores_no_strategy(
    alice: User, series: Series, code: Path
) -> None:
    refused(
        *("--code", code, "--series", series.pk, "--set", "leverage=-1"),
        *("--save", "--owner", alice.email),
    )

    assert not StrategyVersion.objects.exists()


def test_a_saved_run_uses_what_its_owner_may_see(alice: User, series: Series) -> None:
    bob = user_create(email="bob@example.org")
    own = strategy_of(bob)
    save = ("--save", "--owner", alice.email)

    assert "no strategy" in refused(own.pk, "--series", series.pk, *save)
    Series.objects.filter(pk=series.pk).update(owner=bob)
    assert "No series" in refused("buy_and_hold", "--series", series.pk, *save)
    assert not Backtest.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say which strategy"),
        (["ma_cross", "--code", "x"], "Say one strategy, not two"),
        (["nonsense"], "There is no built-in strategy"),
        (["4711"], "There is no strategy 4711"),
        (["--code", "/nowhere/x.txt"], "/nowhere/x.txt cannot be read: No such"),
        (["ma_cross", "--param", "fast"], "Give --param as NAME=VALUE, not “fast”."),
        (["ma_cross", "--param", "=3"], "Give --param as NAME=VALUE"),
        (["ma_cross", "--param", "speed=3"], "Unknown parameter speed"),
        (["ma_cross", "--param", "fast=many"], "parameters.fast"),
        (["ma_cross", "--set", "fee=1"], "did you mean fee_rate?"),
        (["ma_cross", "--set", "xyzzy=1"], "use initial_capital, fee_rate"),
        (["ma_cross", "--set", "fee_rate=high"], "fee_rate"),
        (["ma_cross", "--set", "fee_rate=NaN"], "fee_rate"),
        (["ma_cross", "--set", "fill=never"], "use one of next_open"),
        (["ma_cross", "--start", "yesterday"], "Give --start as 2021-01-31"),
        (["ma_cross", "--end", "0001-01-01T00:00+23:00"], "Give --end as 2021-01-31"),
        (["ma_cross", "--start", "2024-01-09", "--end", "2024-01-02"], "end: Must be"),
        (["ma_cross", "--start", "2030-01-01"], "at least 2 candles"),
        (["ma_cross", "--save"], "--save and --owner EMAIL together"),
        (["ma_cross", "--owner", "a@example.org"], "--save and --owner EMAIL together"),
        (["ma_cross", "--save", "--owner", "a@example.org"], "There is no user a@ex"),
        (["ma_cross", "--report", "/nowhere/out.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_run_is_a_sentence(
    series: Series, arguments: list[str], sentence: str
) -> None:
    said = refused(*arguments, "--series", series.pk)

    assert sentence in said
    assert "Traceback" not in said
    assert_nothing_stored()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say which candles"),
        (["--source", "toys"], "Say which candles"),
        (["--series", "1", "--source", "toys"], "Say which candles"),
        (["--series", "4711"], "There is no series “4711”"),
        (["--series", "toys:NONE:1h"], "There is no series “toys:NONE:1h”"),
    ],
)
def test_candles_that_are_not_there_are_a_sentence(
    series: Series, arguments: list[str], sentence: str
) -> None:
    assert sentence in refused("ma_cross", *arguments)


def test_code_that_is_no_program_is_refused_with_its_place(
    series: Series, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text("enter_long = clos > 1\n")

    said = refused("--code", path, "--series", series.pk)

    assert "Line 1" in said
    assert "close" in said
