"""Several files at once, and what a file or its name says by itself."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from marketdata.models import ImportRun, Series
from marketdata.tests.candles import HOUR, START, candles, csv_file, csv_text
from marketdata.tests.files import gzipped, written, zipped

pytestmark = pytest.mark.django_db
NAMES = ("--source", "test", "--symbol", "BTC/USDT")
KRAKEN = "".join(
    f"{START // 1000 + 3600 * i},10,12,9,11,5,{i + 1}\n" for i in range(30)
)


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("import_candles", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def answers(*arguments: object) -> list[dict[str, Any]]:
    """Return the objects that the command prints, whether it fails or not."""
    out = StringIO()
    try:
        call_command("import_candles", *map(str, arguments), "--json", stdout=out)
    except CommandError:
        assert '"error": "' in out.getvalue()
    return [json.loads(line) for line in out.getvalue().splitlines()]


def halves(folder: Path) -> tuple[Path, Path]:
    whole = candles(100)
    first, second = whole.slice(0, 60), whole.slice(40, 100)
    return csv_file(folder, first, "1.csv"), csv_file(folder, second, "2.csv")


@pytest.mark.parametrize("pattern", [".", "*.csv", "?.csv", "**/*.csv"])
def test_a_folder_or_a_pattern_is_many_files(tmp_path: Path, pattern: str) -> None:
    halves(tmp_path)

    said = run(tmp_path / pattern, *NAMES)

    assert Series.objects.get().bars == 100
    assert "1.csv" in said
    assert said.splitlines()[-2].split()[-8:-4] == ["60", "60", "0", "60"]
    assert said.splitlines()[-1].split()[-8:-4] == ["60", "40", "0", "60"]


def test_hidden_files_of_a_folder_are_left_alone(tmp_path: Path) -> None:
    halves(tmp_path)
    written(tmp_path, "nothing", ".hidden.csv")

    run(tmp_path, *NAMES)

    assert ImportRun.objects.count() == 2


def test_of_several_files_the_good_ones_stand(tmp_path: Path) -> None:
    halves(tmp_path)
    written(tmp_path, "<html>", "3.csv")
    written(tmp_path, b"PK\x03\x04", "4.zip")

    with pytest.raises(CommandError, match="2 of 4 files were not imported"):
        run(tmp_path, *NAMES)

    assert Series.objects.get().bars == 100


def test_every_file_is_one_line_of_json(tmp_path: Path) -> None:
    halves(tmp_path)
    written(tmp_path, "<html>", "3.csv")

    first, second, third = answers(tmp_path, *NAMES)

    assert (first["new"], second["new"], second["unchanged"]) == (60, 40, 20)
    assert first["file"] == str(tmp_path / "1.csv")
    assert third["error"].startswith("“3.csv”: it is a web page")
    assert third["rows"] is None


def test_each_member_of_an_archive_is_a_file(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"XBTUSD_60.csv": KRAKEN, "k/ETHUSD_60.csv": KRAKEN})

    assert [one["symbol"] for one in answers(path)] == ["XBTUSD", "ETHUSD"]
    assert Series.objects.count() == 2


def test_one_archive_may_hold_a_hundred_good_files_and_a_bad_one(
    tmp_path: Path,
) -> None:
    path = zipped(tmp_path, {"XBTUSD_60.csv": KRAKEN, "readme.txt": "hello"})

    assert [bool(one["error"]) for one in answers(path)] == [False, True]


def test_a_packed_file_is_read_like_the_file(tmp_path: Path) -> None:
    path = gzipped(tmp_path, csv_text(candles(30)).encode(), "data")

    assert answers(path, *NAMES)[0]["new"] == 30


def test_a_second_run_says_that_nothing_changed(tmp_path: Path) -> None:
    halves(tmp_path)
    run(tmp_path, *NAMES)
    revision = Series.objects.get().revision

    said = run(tmp_path, *NAMES)

    assert said.count("nothing changed: 0 new, 0 changed") == 2
    assert Series.objects.get().revision == revision


def test_a_dry_run_counts_and_stores_nothing(tmp_path: Path) -> None:
    halves(tmp_path)

    said = run(tmp_path, *NAMES, "--dry-run")

    assert said.count("dry run: nothing was stored") == 2
    assert "60 rows, 60 new" in said
    assert Series.objects.count() == ImportRun.objects.count() == 0


def test_what_the_name_says_is_taken_and_told(tmp_path: Path) -> None:
    path = written(tmp_path, KRAKEN, "XBTUSD_60.csv")

    said = run(path)

    assert "XBTUSD kraken 1h (kraken_ohlcvt): 30 rows, 30 new" in said
    assert "the symbol XBTUSD is taken from the file name" in said


def test_the_user_knows_better_than_the_name(tmp_path: Path) -> None:
    path = written(tmp_path, KRAKEN, "XBTUSD_60.csv")

    assert "ETHUSD mine 1h" in run(path, "--symbol", "ETHUSD", "--source", "mine")


def test_the_times_know_better_than_the_name(tmp_path: Path) -> None:
    path = written(tmp_path, KRAKEN, "XBTUSD_1440.csv")

    assert answers(path)[0]["timeframe"] == "1h"


def test_a_symbol_that_nobody_says_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="its symbol; give it with --symbol"):
        run(csv_file(tmp_path, candles(5)), "--source", "test")


def test_a_source_that_nobody_says_is_that_of_any_file(tmp_path: Path) -> None:
    said = run(csv_file(tmp_path, candles(5)), "--symbol", "BTC")

    assert str(Series.objects.get()) == "BTC file 1h"
    assert "does not tell its source; it is stored under “file” (--source names" in said


def test_without_a_source_other_values_may_be_of_another_market(
    tmp_path: Path,
) -> None:
    path = csv_file(tmp_path, candles(5))
    run(path, "--symbol", "BTC")
    csv_file(tmp_path, candles(5, seed=1))

    with pytest.raises(CommandError, match="other values"):
        run(path, "--symbol", "BTC")

    assert "5 changed" in run(path, "--symbol", "BTC", "--on-conflict", "replace")


@pytest.mark.parametrize(
    ("folder", "source"),
    [("spot/monthly", "binance"), ("um_futures", "binance-futures"), ("x", None)],
)
def test_spot_and_futures_are_told_by_the_folder(
    tmp_path: Path, folder: str, source: str | None
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    rows = "".join(
        f"{START + i * HOUR},10,12,9,11,5,{START + (i + 1) * HOUR - 1},50,7,2,20,0\n"
        for i in range(5)
    )
    written(tmp_path / folder, rows, "BTCUSDT-1h-2023-01.csv")

    (answer,) = answers(tmp_path / folder / "BTCUSDT-1h-2023-01.csv")

    assert answer["source"] == source
    assert bool(answer["error"]) == (source is None)
    if source is None:
        assert "binance or binance-futures" in answer["error"]


def test_freqtrade_calls_the_folder_by_the_exchange(tmp_path: Path) -> None:
    rows = ",".join(f"[{START + i * HOUR},10,12,9,11,5]" for i in range(5))
    for folder in ("kraken", "user_data"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, f"[{rows}]", "ETH_EUR-1h.json")

    found = answers(tmp_path)

    assert [one["source"] for one in found] == ["kraken", "freqtrade"]


def test_the_length_of_one_bar_is_asked_for(tmp_path: Path) -> None:
    path = csv_file(tmp_path, candles(1))

    with pytest.raises(CommandError, match="give it with --timeframe"):
        run(path, *NAMES)
    assert answers(path, *NAMES, "--timeframe", "1h")[0]["new"] == 1


def test_a_symbol_in_the_file_beats_another_one(tmp_path: Path) -> None:
    rows = csv_text(candles(20)).splitlines()
    content = [f"{rows[0]},symbol", *(f"{row},ETH/USDT" for row in rows[1:])]
    path = written(tmp_path, "\n".join(content))

    with pytest.raises(CommandError, match="it holds ETH/USDT, not BTC/USDT"):
        run(path, *NAMES)
    assert "ETHUSDT test 1h" in run(path, "--source", "test", "--symbol", "ETHUSDT")


def test_a_file_of_two_symbols_is_refused(tmp_path: Path) -> None:
    rows = csv_text(candles(20)).splitlines()
    symbols = ["symbol", *(["A", "B"] * 10)]
    lines = [f"{row},{symbol}" for row, symbol in zip(rows, symbols, strict=True)]

    with pytest.raises(CommandError, match="several symbols .A, B.; split it"):
        run(written(tmp_path, "\n".join(lines)), *NAMES)


def test_prices_adjusted_in_two_ways_do_not_mix(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-{day:02d},10,12,9,11,10.5,5\n" for day in range(1, 20))
    header = "Date,Open,High,Low,Close,Adj Close,Volume\n"
    run(written(tmp_path, header + rows), "--symbol", "SPY")
    assert Series.objects.get().adjustment == "split"

    traded = "".join(f"202401{day:02d} 00:00,1,1,1,1,5\n" for day in range(1, 20))
    with pytest.raises(CommandError, match="import them with another --source"):
        run(written(tmp_path, traded), "--symbol", "SPY", "--source", "yahoo")


def test_months_are_counted_but_not_stored(tmp_path: Path) -> None:
    rows = "".join(f"2024-{month:02d}-01,1,1,1,1,1\n" for month in (1, 2, 3, 6, 7))
    path = written(tmp_path, "date,open,high,low,close,volume\n" + rows)

    (found,) = answers(path, *NAMES)

    assert (found["timeframe"], found["rows"]) == ("1mo", 5)
    assert (found["gaps"], found["missing_bars"], found["off_grid"]) == (1, 2, None)
    assert "have no fixed length and cannot be stored" in found["error"]


def test_seconds_are_counted_but_not_stored(tmp_path: Path) -> None:
    path = csv_file(tmp_path, candles(90, step=1000))

    (answer,) = answers(path, *NAMES)

    assert "a minute is the least" in answer["error"]
    assert (answer["timeframe"], answer["rows"], answer["gaps"]) == ("1s", 90, 0)


def test_weeks_that_begin_on_another_day_are_refused(tmp_path: Path) -> None:
    day, week = 24 * HOUR, 7 * 24 * HOUR
    monday = csv_file(tmp_path, candles(5, step=week), "monday.csv")
    sunday = csv_file(tmp_path, candles(5, start=START - day, step=week), "sunday.csv")

    assert "5 new" in run(monday, *NAMES)
    (answer,) = answers(sunday, *NAMES)

    assert "begin on another day than Monday" in answer["error"]


def test_times_that_nobody_can_read_are_shown(tmp_path: Path) -> None:
    lines = csv_text(candles(3)).replace(str(START)[:5], "noon ")

    (answer,) = answers(written(tmp_path, lines), *NAMES)

    assert f"such as “noon {str(START)[5:]}”" in answer["error"]
    assert answer["bad"]["bad_timestamp"] == answer["rows"] == 3


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--timezone", "Mars/Olympus", "“Mars/Olympus” is no time zone"),
        ("--timezone", "../../etc/passwd", "is no time zone"),
        ("--columns", "time", "Write --columns as time=Start"),
        ("--columns", "moon=1", "moon is no column of candles"),
        ("--columns", "time=9", "it has no column 9; it has timestamp, open"),
        ("--format", "kraken_ohlcvt", "it is not laid out as kraken_ohlcvt"),
    ],
)
def test_an_option_that_does_not_fit_is_one_sentence(
    tmp_path: Path, option: str, value: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(csv_file(tmp_path, candles(5)), *NAMES, option, value)


def test_day_and_month_cannot_both_come_first(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not both"):
        run(tmp_path, "--day-first", "--month-first")


def test_bars_of_a_month_ago_and_of_tomorrow_are_told_apart(tmp_path: Path) -> None:
    rows = f"{START},1,1,1,1,1\n{START + HOUR},1,1,1,1,1\n4102444800000,1,1,1,1,1\n"
    path = written(tmp_path, "timestamp,open,high,low,close,volume\n" + rows)

    (found,) = answers(path, *NAMES)

    assert found["rejected"] == {"future": {"rows": 1, "lines": [4]}}
