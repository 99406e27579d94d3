import json
from dataclasses import replace
from getpass import getuser
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from accounts.tests.factories import user_create
from marketdata.models import CandleBlock, MaintenanceRecord, Series, SeriesQuality
from marketdata.services.importing import Target, candles_import
from marketdata.tests.candles import (
    HOUR,
    NOW,
    START,
    candles,
    candles_at,
    series_create,
)

pytestmark = pytest.mark.django_db
NAME = "binance:BTC/USDT:1h"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_check_shows_the_grade_and_what_made_it() -> None:
    hours = np.delete(np.arange(1000), slice(500, 510))
    series_create(candles_at(START + HOUR * hours))

    shown = run("check_candles", "--all")

    assert shown.startswith("C BTC/USDT binance 1h for missing: 990 bars, 99.00% of")
    assert "1 gaps (10 bars)" in shown
    assert shown.endswith("1 series checked.\n")


def test_check_stores_a_report_that_was_not_there() -> None:
    series_create(candles(10))
    SeriesQuality.objects.all().delete()
    Series.objects.update(grade="")

    run("check_candles", "--series", NAME)

    assert SeriesQuality.objects.get().revision == 1
    assert Series.objects.get().grade == "A"


def test_check_answers_scripts_with_an_object_a_line() -> None:
    series_create(candles(10))
    series_create(candles(10), symbol="OTHER")

    lines = run("check_candles", "--all", "--json").splitlines()

    assert [json.loads(line)["grade"] for line in lines] == ["A", "A"]


@pytest.mark.parametrize("name", ["999", "x", "a:b:1h", "", "٣", "9" * 30])
def test_an_unknown_series_is_a_mistake_with_its_remedy(name: str) -> None:
    with pytest.raises(CommandError, match="give its id, or source:symbol:timeframe"):
        run("check_candles", "--series", name)


def test_names_that_several_users_gave_need_an_id() -> None:
    series = series_create(candles(10))
    Series.objects.create(
        instrument=series.instrument, timeframe="1h", owner=user_create()
    )

    with pytest.raises(CommandError, match="give its id"):
        run("check_candles", "--series", NAME)


@pytest.mark.parametrize("ending", ["csv", "feather", "parquet"])
def test_an_export_imported_again_has_the_same_content(
    tmp_path: Path, ending: str
) -> None:
    series = series_create(candles(500))
    path = tmp_path / f"candles.{ending}"

    shown = run("export_candles", str(series.pk), str(path))

    target = Target.of("copy", "BTC/USDT", "1h")
    copy = candles_import(path=path, target=target, now=NOW).series
    assert shown.startswith("500 bars of BTC/USDT binance 1h written to")
    assert copy.content_hash == series.content_hash
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_an_export_keeps_an_absent_volume_absent(tmp_path: Path) -> None:
    series_create(replace(candles(2), volume=np.array([np.nan, 1.0])))
    path = tmp_path / "candles.csv"

    run("export_candles", NAME, str(path))

    first, second = path.read_text().splitlines()[1:]
    assert first.endswith(",")
    assert float(second.rpartition(",")[2]) == 1.0


def test_an_export_takes_a_window_and_a_timeframe(tmp_path: Path) -> None:
    series_create(candles(100))
    path = tmp_path / "candles.csv"

    run("export_candles", NAME, str(path), "--start=2023-01-03", "--timeframe=4h")

    lines = path.read_text().splitlines()
    assert lines[0].endswith(",complete")
    assert lines[1].startswith("2023-01-03T00:00:00Z,")
    assert len(lines) == 20


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("candles.xlsx", r"must end in .csv, .parquet, .feather"),
        ("nowhere/candles.csv", "There is no folder"),
        ("there.csv", "--overwrite"),
    ],
)
def test_a_file_that_cannot_be_written_is_a_mistake(
    tmp_path: Path, name: str, message: str
) -> None:
    series_create(candles(3))
    (tmp_path / "there.csv").write_text("mine")

    with pytest.raises(CommandError, match=message):
        run("export_candles", NAME, str(tmp_path / name))

    assert (tmp_path / "there.csv").read_text() == "mine"


@pytest.mark.parametrize("command", ["delete_candles", "repair_candles"])
def test_nothing_happens_without_a_confirmation(command: str) -> None:
    series_create(candles(3))
    option = ["--series"] if command == "repair_candles" else []

    with pytest.raises(CommandError, match="Say so with --yes"):
        run(command, *option, NAME)

    assert Series.objects.exists()
    assert not MaintenanceRecord.objects.exists()


def test_delete_says_what_is_gone() -> None:
    series_create(candles(3))

    shown = run("delete_candles", NAME, "--yes")

    assert "BTC/USDT binance 1h, 3 bars" in shown
    assert MaintenanceRecord.objects.get().actor == f"command by {getuser()}"


def test_merge_says_what_came_in() -> None:
    series_create(candles(5).slice(0, 3))
    series_create(candles(5), symbol="OTHER")

    shown = run("merge_candles", "binance:OTHER:1h", NAME, "--yes")

    assert shown.endswith("BTC/USDT binance 1h: 2 new, 0 changed, 3 unchanged\n")


def test_merge_with_itself_is_a_mistake() -> None:
    series_create(candles(3))

    with pytest.raises(CommandError, match="two different series"):
        run("merge_candles", NAME, NAME, "--yes")


def test_repair_says_what_was_wrong() -> None:
    series_create(candles(3))
    CandleBlock.objects.update(payload=b"x")
    series_create(candles(3), symbol="OTHER")

    shown = run("repair_candles", "--all", "--yes")

    assert shown.splitlines() == [
        "BTC/USDT binance 1h: 1 × unreadable; 3 bars lost",
        "OTHER binance 1h: sound",
    ]
